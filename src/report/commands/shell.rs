//! Texts of a matrix with names put into them, so that a POSIX shell takes each name for a part of one
//! word.

use super::refusal::NoCommands;
use crate::report::text::clean;

/// Placeholders, each with the name or version that it stands for.
type Values<'v> = [(&'v str, &'v str)];

/// Fills the placeholders of a shell text with quoted values.
///
/// A text that quotes by itself takes only values that need no quotes.
pub(super) fn fill(template: &str, values: &Values<'_>) -> Result<String, NoCommands> {
    let special = template.contains(['\'', '"', '`', '\\', '$']);
    let template = clean(template);
    substitute(&template, values, |value| {
        let quoted = quote(value);
        if special && quoted != value { Err(refused(value)) } else { Ok(quoted) }
    })
}

/// Makes the command that sends another one to a node. Its words are filled and then quoted, each by
/// itself.
pub(super) fn sent(client: &str, command: &str, values: &Values<'_>) -> Result<String, NoCommands> {
    let words = client.split_whitespace().flat_map(|word| match word {
        "{command}" => command.split_whitespace().collect(),
        word => vec![word],
    });
    let words = words.map(|word| {
        let filled = substitute(word, values, |value| Ok(value.to_owned()))?;
        if clean(&filled) == filled { Ok(quote(&filled)) } else { Err(refused(&filled)) }
    });
    Ok(words.collect::<Result<Vec<_>, _>>()?.join(" "))
}

/// Puts values in the place of what stands for them. What a value holds is not looked at again.
fn substitute(
    template: &str,
    values: &Values<'_>,
    put: impl Fn(&str) -> Result<String, NoCommands>,
) -> Result<String, NoCommands> {
    let mut text = String::new();
    let mut rest = template;
    while let Some(at) = rest.find('{') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        match values.iter().find(|(placeholder, _)| rest.starts_with(placeholder)) {
            Some((placeholder, value)) => {
                let begins = text.chars().last().is_none_or(char::is_whitespace);
                // It would be taken for an option, or reach the terminal as a command.
                if begins && value.starts_with('-') || clean(value) != *value {
                    return Err(refused(value));
                }
                text.push_str(&put(value)?);
                rest = &rest[placeholder.len()..];
            }
            None => {
                text.push('{');
                rest = &rest[1..];
            }
        }
    }
    text.push_str(rest);
    Ok(text)
}

fn refused(value: &str) -> NoCommands {
    NoCommands::Unsafe(value.to_owned())
}

/// Quotes a value so that a shell takes it for one word as it is.
fn quote(value: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._:/@+,-".contains(c);
    if !value.is_empty() && value.chars().all(plain) {
        return value.to_owned();
    }
    format!("'{}'", value.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLIENT: &str = "valkey-cli -h {node} {command}";

    #[test]
    fn plain_names_stay_plain() {
        let values = [("{node}", "cache-1.example:6379")];
        let text = sent(CLIENT, "INFO replication", &values);
        assert_eq!(text.as_deref(), Ok("valkey-cli -h cache-1.example:6379 INFO replication"));
        let text = fill("systemctl restart valkey@{node}", &values);
        assert_eq!(text.as_deref(), Ok("systemctl restart valkey@cache-1.example:6379"));
    }

    #[test]
    fn hostile_names_stay_one_word() {
        for name in
            ["a b", "a;reboot", "$(reboot)", "`reboot`", "a'b", "a\"b", "*", "~", "{to}", "#", "!x"]
        {
            let values = [("{node}", name), ("{to}", "';reboot;'")];
            let quoted = format!("'{}'", name.replace('\'', r"'\''"));
            let text = sent(CLIENT, "PING", &values);
            assert_eq!(text, Ok(format!("valkey-cli -h {quoted} PING")));
            let text = fill("systemctl restart valkey@{node}", &values);
            assert_eq!(text, Ok(format!("systemctl restart valkey@{quoted}")));
        }
    }

    #[test]
    fn what_cannot_be_written_safely_is_refused() {
        let refused = |template: &str, name: &str| {
            assert_eq!(
                fill(template, &[("{node}", name)]),
                Err(NoCommands::Unsafe(name.to_owned()))
            );
        };
        refused("restart {node}", "--all");
        refused("restart {node}", "a\nreboot");
        refused("restart {node}", "a\u{202e}b");
        refused("ssh '{node}' restart", "a'b");
        refused("echo $({node})", "a b");
        assert!(sent(CLIENT, "PING", &[("{node}", "a\u{1b}[2J")]).is_err());
    }

    #[test]
    fn words_of_a_command_are_quoted_too() {
        let text = sent(CLIENT, "CONFIG GET cluster-announce-*", &[("{node}", "a")]);
        assert_eq!(text.as_deref(), Ok("valkey-cli -h a CONFIG GET 'cluster-announce-*'"));
        let text = sent("{command}", "curl http://{node}:8081/", &[("{node}", "w;1")]);
        assert_eq!(text.as_deref(), Ok("curl 'http://w;1:8081/'"));
    }
}
