use std::path::PathBuf;

use node::{Configuration, ConfigurationError, Origin, StartOptions, Warning, load};

struct File {
    directory: tempfile::TempDir,
}

impl File {
    fn with(text: &str) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        std::fs::write(directory.path().join("server.properties"), text)
            .expect("the file is written");
        Self { directory }
    }

    fn path(&self) -> PathBuf {
        self.directory.path().join("server.properties")
    }

    fn load(
        &self,
        variables: &[(&str, &str)],
        set: &[&str],
    ) -> Result<Configuration, ConfigurationError> {
        let options = StartOptions {
            config: Some(self.path()),
            set: set.iter().map(ToString::to_string).collect(),
            ..StartOptions::default()
        };
        load(
            &options,
            variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        )
    }
}

fn loaded(options: &StartOptions) -> Configuration {
    load(options, []).expect("the settings fit")
}

#[test]
fn without_a_word_it_is_a_durable_single_node() {
    let configuration = loaded(&StartOptions::default());
    assert_eq!(configuration.warnings, []);
    let settings = configuration.config.settings();
    assert_eq!(settings.log_dirs, ["./ottla-data"]);
    assert_eq!(
        settings.broker_listeners().next().map(|listener| listener.endpoint.port),
        Some(9092)
    );
    assert_eq!(settings.http_listen.as_deref(), Some(":8080"));
}

#[test]
fn what_an_option_and_a_setting_both_say_is_refused() {
    for (set, other) in [
        ("log.dirs=/b", StartOptions { data: Some("/a".into()), ..StartOptions::default() }),
        (" log.dir = /b", StartOptions { data: Some("/a".into()), ..StartOptions::default() }),
        (
            "ottla.http.listen=off",
            StartOptions { http: Some(":1".into()), ..StartOptions::default() },
        ),
    ] {
        let options = StartOptions { set: vec![set.to_owned()], ..other };
        let error = load(&options, []).expect_err("one of them would win silently");
        assert!(matches!(error, ConfigurationError::SaidTwice { .. }), "{error}");
    }
    let file = File::with("log.dirs=/b\n");
    let options = StartOptions {
        config: Some(file.path()),
        data: Some("/a".into()),
        ..StartOptions::default()
    };
    assert_eq!(loaded(&options).config.settings().log_dirs, ["/a"], "an option is over a file");
}

#[test]
fn the_command_line_wins_over_the_environment_over_the_file() {
    let file = File::with("num.partitions=2\nbackground.threads=10\nlog.segment.bytes=2000000\n");
    let partitions = |variables: &[(&str, &str)], set: &[&str]| {
        file.load(variables, set).expect("fits").config.settings().num_partitions
    };
    assert_eq!(partitions(&[], &[]), 2);
    assert_eq!(partitions(&[("KAFKA_NUM_PARTITIONS", "3")], &[]), 3);
    assert_eq!(partitions(&[("KAFKA_NUM_PARTITIONS", "3")], &["num.partitions=4"]), 4);
    assert_eq!(partitions(&[], &["num.partitions=4", "num.partitions=5"]), 5);
}

#[test]
fn a_wrong_value_is_named_with_file_line_setting_and_what_is_allowed() {
    let file = File::with("# first\n\nnum.partitions=0\n");
    let message = file.load(&[], &[]).expect_err("0 is wrong").to_string();
    let place = format!("{}, line 3: ", file.path().display());
    assert_eq!(
        message,
        format!(
            "{place}Invalid value 0 for configuration num.partitions: allowed is a whole number from 1"
        )
    );
    let message =
        file.load(&[("KAFKA_NUM_PARTITIONS", "x")], &[]).expect_err("x is wrong").to_string();
    assert!(message.starts_with("environment variable KAFKA_NUM_PARTITIONS: "), "{message}");
    let message = file.load(&[], &["num.partitions="]).expect_err("nothing is wrong").to_string();
    assert!(message.starts_with("command line: Invalid value (empty) for"), "{message}");
}

#[test]
fn listeners_that_do_not_hold_together_are_named_with_their_line() {
    let file = File::with("\nlisteners=PLAINTEXT://:9092,CONTROLLER://:9093\n");
    let message = file.load(&[], &[]).expect_err("a protocol is missing").to_string();
    assert!(message.contains("line 2: ") && message.contains("listener CONTROLLER"), "{message}");
}

#[test]
fn a_repeated_name_takes_its_last_value_with_a_warning() {
    let file = File::with("num.partitions=2\nnum.partitions=3\n");
    let configuration = file.load(&[], &[]).expect("fits");
    assert_eq!(configuration.config.settings().num_partitions, 3);
    let repeated = Warning::Repeated {
        name: "num.partitions".to_owned(),
        path: file.path(),
        line: 2,
        earlier: 1,
    };
    assert_eq!(configuration.warnings.first(), Some(&repeated));
}

#[test]
fn an_unknown_name_is_a_warning() {
    let file = File::with("retention.ms=5\n");
    let configuration = file.load(&[], &[]).expect("fits");
    let origin = Origin::File { path: file.path(), line: 1 };
    let hint = Some("it is a setting of topics; the broker's is log.retention.ms".to_owned());
    assert_eq!(
        configuration.warnings,
        [Warning::Unknown { name: "retention.ms".to_owned(), origin, hint }]
    );
}

#[test]
fn what_is_set_without_effect_is_listed_unless_it_is_the_default() {
    let file = File::with(
        "num.replica.alter.log.dirs.threads=3\nmetric.reporters=com.example.Mine\nbackground.threads=10\n",
    );
    let configuration = file.load(&[], &[]).expect("fits");
    assert_eq!(
        configuration.warnings,
        [
            Warning::WithoutEffect { names: vec!["num.replica.alter.log.dirs.threads"] },
            Warning::JavaClass { names: vec!["metric.reporters"] },
        ]
    );
}

#[test]
fn flags_of_the_command_line_are_settings() {
    let options = StartOptions {
        data: Some(PathBuf::from("/somewhere")),
        listen: Some("127.0.0.1:19092".to_owned()),
        http: Some("off".to_owned()),
        ..StartOptions::default()
    };
    let configuration = loaded(&options);
    let settings = configuration.config.settings();
    assert_eq!(settings.log_dirs, ["/somewhere"]);
    assert_eq!(settings.http_listen, None);
    let listener = settings.broker_listeners().next().expect("one").endpoint.clone();
    assert_eq!((listener.host.as_deref(), listener.port), (Some("127.0.0.1"), 19092));
}

#[test]
fn listen_keeps_the_controllers_listener() {
    let file = File::with(
        "listeners=PLAINTEXT://:9092,CONTROLLER://:9093\ncontroller.listener.names=CONTROLLER\n",
    );
    let options = StartOptions {
        config: Some(file.path()),
        listen: Some(":7".to_owned()),
        ..StartOptions::default()
    };
    let ports: Vec<u16> = loaded(&options)
        .config
        .settings()
        .listeners
        .iter()
        .map(|listener| listener.endpoint.port)
        .collect();
    assert_eq!(ports, [7, 9093]);
}

#[test]
fn an_ephemeral_node_takes_free_ports_and_does_not_sync() {
    let configuration = loaded(&StartOptions { ephemeral: true, ..StartOptions::default() });
    let settings = configuration.config.settings();
    assert!(settings.listeners.iter().all(|listener| listener.endpoint.port == 0));
    assert_eq!(configuration.config.topic_defaults().durability, settings::Durability::Os);
}

#[test]
fn kafkas_own_file_of_a_single_node_is_taken_as_it_is() {
    let file = File::with(
        "process.roles=broker,controller\nnode.id=1\ncontroller.quorum.bootstrap.servers=localhost:9093\n\
         listeners=PLAINTEXT://:9092,CONTROLLER://:9093\ninter.broker.listener.name=PLAINTEXT\n\
         advertised.listeners=PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093\n\
         controller.listener.names=CONTROLLER\n\
         listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL\n\
         num.network.threads=3\nnum.io.threads=8\nlog.dirs=/tmp/kraft-combined-logs\nnum.partitions=1\n\
         offsets.topic.replication.factor=1\nlog.retention.hours=168\nlog.segment.bytes=1073741824\n",
    );
    let configuration = file.load(&[], &[]).expect("fits");
    assert_eq!(configuration.config.settings().log_dirs, ["/tmp/kraft-combined-logs"]);
    assert!(
        !configuration.warnings.iter().any(|warning| matches!(warning, Warning::Unknown { .. }))
    );
}
