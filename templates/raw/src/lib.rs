//! Limits how much can be ordered: a policy that is not about Kubernetes.

use admit::prelude::*;

/// A request, as far as the policy looks at it.
#[derive(Debug, Deserialize)]
pub struct Order {
    /// What is ordered.
    pub product: String,
    /// How many pieces of it.
    pub quantity: u32,
}

/// Settings of the policy.
#[derive(Debug, Deserialize, Settings)]
#[serde(default)]
pub struct Settings {
    /// Most pieces of one order.
    pub most: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { most: 100 }
    }
}

#[admit::policy]
fn validate(order: &Raw<Order>, settings: &Settings) -> Verdict {
    let mut verdict = Verdict::accept();
    if order.quantity > settings.most {
        let message = format!("at most {} of `{}`", settings.most, order.product);
        verdict.reject_at("/quantity", message);
    }
    verdict
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_order_is_rejected() -> Result<(), Error> {
        let order = Raw::from_json(r#"{"product": "tea", "quantity": 101}"#)?;
        assert!(!validate(&order, &Settings::default()).is_accepted());
        assert!(validate(&order, &Settings { most: 101 }).is_accepted());
        Ok(())
    }
}
