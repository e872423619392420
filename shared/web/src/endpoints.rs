//! The one list of a function's endpoints: what it serves, and what describes it.

use axum::routing::MethodFilter;
use utoipa::Path;
use utoipa_axum::PathItemExt as _;

#[doc(hidden)]
pub use utoipa_axum;

/// Makes `served()` and `described()` of handlers, each in the module of its name.
///
/// A function starts with the first alone: to describe its routes takes longer than everything
/// else it does before its first event.
#[macro_export]
macro_rules! endpoints {
    ($app:ty: $($handler:ident),+ $(,)?) => {
        fn served() -> ::axum::Router<$app> {
            let router = ::axum::Router::new();
            $(
                let (path, methods) = $crate::endpoints::utoipa_axum::paste! {
                    $crate::endpoints::place::<$handler::[<__path_ $handler>]>()
                };
                let router = router.route(&path, ::axum::routing::on(methods, $handler::$handler));
            )+
            router
        }

        fn described() -> $crate::endpoints::utoipa_axum::router::OpenApiRouter<$app> {
            $crate::endpoints::utoipa_axum::router::OpenApiRouter::default()
                $(.routes($crate::endpoints::utoipa_axum::routes!($handler::$handler)))+
        }
    };
}

/// Where an endpoint is, and by which methods; what `#[utoipa::path]` was told.
#[doc(hidden)]
pub fn place<P: Path>() -> (String, MethodFilter) {
    let filters = P::methods().into_iter().map(|method| method.to_method_filter());
    (P::path(), filters.reduce(MethodFilter::or).unwrap_or(MethodFilter::GET))
}
