//! A policy that is not about Kubernetes: orders of a shop.

use std::collections::{BTreeMap, BTreeSet};

use admit::prelude::*;

/// What a customer wants.
#[derive(Deserialize)]
pub struct Order {
    /// Who it is.
    pub customer: String,
    /// What and how much of it.
    pub lines: Vec<Line>,
}

/// One product.
#[derive(Deserialize)]
pub struct Line {
    /// Name of the product.
    pub product: String,
    /// How many.
    pub quantity: u32,
}

/// What may be ordered.
///
/// Applies to every customer.
#[derive(Deserialize, Settings)]
#[serde(default, rename_all = "camelCase")]
#[settings(check = at_least_one)]
pub struct Settings {
    /// Most pieces of one product.
    #[schemars(range(min = 1))]
    pub max_quantity: u32,
    /// Whether gift wrapping is added.
    pub wrap: bool,
    /// What is not for sale.
    pub banned: BTreeSet<String>,
    /// What else is called like a product.
    pub aliases: BTreeMap<String, String>,
    /// Who pays for what.
    pub discount: Discount,
    /// How parcels are sent.
    pub shipping: Shipping,
    /// Who may order more.
    pub exceptions: Vec<Exception>,
    /// Percentage of the price, if there is one.
    pub tax: Option<f64>,
    #[expect(missing_docs, reason = "without a comment there is no description")]
    pub note: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            max_quantity: 100,
            wrap: false,
            banned: ["poison".to_owned()].into(),
            aliases: BTreeMap::new(),
            discount: Discount::None,
            shipping: Shipping::default(),
            exceptions: Vec::new(),
            tax: Some(7.5),
            note: None,
        }
    }
}

fn at_least_one(settings: &Settings) -> Result<(), SettingsError> {
    match settings.max_quantity {
        0 => Err(SettingsError::new("nobody could order anything").at("/maxQuantity")),
        _ => Ok(()),
    }
}

/// Who gets a discount.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Discount {
    /// Nobody.
    None,
    /// Whoever comes first.
    FirstCustomer,
}

/// How parcels are sent.
#[derive(Deserialize, JsonSchema)]
#[serde(default = "Shipping::by_land", deny_unknown_fields)]
pub struct Shipping {
    /// Name of the carrier.
    pub carrier: String,
    /// Days until it has to arrive.
    #[serde(default = "Shipping::week")]
    pub days: u8,
}

impl Shipping {
    fn by_land() -> Self {
        Self { carrier: "post".to_owned(), days: 3 }
    }

    fn week() -> u8 {
        7
    }
}

impl Default for Shipping {
    fn default() -> Self {
        Self::by_land()
    }
}

/// A customer to whom other rules apply.
#[derive(Deserialize, JsonSchema)]
pub struct Exception {
    /// Who it is.
    pub customer: String,
    /// Most pieces of one product for this one.
    pub max_quantity: u32,
    /// Products that this one may have although they are banned.
    #[serde(default)]
    pub unbanned: Vec<String>,
}

#[admit::policy]
fn validate(order: &Raw<Order>, settings: &Settings) -> Result<Verdict, Error> {
    let exception = settings.exceptions.iter().find(|exception| exception.customer == order.customer);
    let max = exception.map_or(settings.max_quantity, |exception| exception.max_quantity);
    let mut verdict = Verdict::accept();
    let mut edited = order.edit()?;
    for (index, line) in order.lines.iter().enumerate() {
        let allowed = exception.is_some_and(|exception| exception.unbanned.contains(&line.product));
        if settings.banned.contains(&line.product) && !allowed {
            verdict.reject_at(format!("/lines/{index}/product"), format!("`{}` is not for sale", line.product));
        }
        if line.quantity > max {
            edited.set(&format!("/lines/{index}/quantity"), max)?;
        }
        if let Some(product) = settings.aliases.get(&line.product) {
            edited.set(&format!("/lines/{index}/product"), product.as_str())?;
        }
    }
    if settings.wrap {
        edited.set("/wrapping", "paper")?;
    }
    verdict.mutate(edited);
    Ok(verdict)
}
