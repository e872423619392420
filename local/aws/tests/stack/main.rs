//! The embedded AWS through the real SDKs: what is kept over a kill, tables, objects, secrets,
//! letters, and provisioning from a template.

#[cfg(test)]
mod durability;
#[cfg(test)]
mod dynamodb;
#[cfg(test)]
mod rig;
#[cfg(test)]
mod s3;
#[cfg(test)]
mod secrets;
#[cfg(test)]
mod ses;
#[cfg(test)]
mod template;
