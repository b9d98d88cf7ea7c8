//! Requests of any shape: typed, with a path, without a type, and in a type of the author's.

use admit::prelude::*;

#[derive(Deserialize)]
struct Order {
    quantity: u32,
}

type Orders = admit::Raw<Vec<Order>>;

mod typed {
    use super::*;

    #[admit::policy]
    pub fn validate(order: &Raw<Order>, _: &NoSettings, _: &Host) -> Verdict {
        if order.quantity == 0 { Verdict::reject("nothing") } else { Verdict::accept() }
    }
}

mod aliased {
    #[admit::policy]
    pub fn validate<'a>(orders: &'a super::Orders) -> Result<admit::Verdict, admit::Error> {
        let mut all = orders.edit()?;
        all.push("", orders.iter().map(|order| order.quantity).sum::<u32>())?;
        let mut verdict = admit::Verdict::accept();
        verdict.mutate(all);
        Ok(verdict)
    }
}

mod untyped {
    #[admit::policy]
    pub fn validate(json: &admit::Raw) -> admit::Verdict {
        if json.value().is_null() { admit::Verdict::reject("nothing") } else { admit::Verdict::accept() }
    }
}

fn main() {
    let accepted = |text| typed::validate(&Raw::from_json(text).unwrap(), &NoSettings {}, &Host::silent()).is_accepted();
    assert!(accepted(r#"{"quantity": 1}"#));
    assert!(!accepted(r#"{"quantity": 0}"#));

    let orders = Raw::from_json(r#"[{"quantity": 1}, {"quantity": 2}]"#).unwrap();
    let verdict = aliased::validate(&orders).unwrap();
    assert_eq!(verdict.mutated().unwrap()[2], 3);

    assert!(untyped::validate(&Raw::from_json("[]").unwrap()).is_accepted());
    assert!(!untyped::validate(&Raw::from_json("null").unwrap()).is_accepted());
}
