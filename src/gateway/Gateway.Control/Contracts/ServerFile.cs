using System.Collections.Immutable;

namespace Gateway.Control.Contracts;

/// <summary>
/// A server in the configuration file, with the members that only the file has: a person who sets them can run code as
/// the gateway, or make it read its files.
/// </summary>
public sealed record ServerFile : ServerInput
{
    /// <summary>The message that refuses programs anywhere but in the configuration file.</summary>
    public const string ProgramRefusal =
        "Nothing was registered: a program can be registered only in the configuration file, because it runs "
        + "code as the gateway. Add its entry to \"servers\" in the file that gateway run --config reads; the entry "
        + "applies within a second.";

    /// <summary>The message that refuses accounts of AWS anywhere but in the configuration file.</summary>
    public const string AwsRefusal =
        "Nothing was registered: \"aws\" can be set only in the configuration file, beside the address that its "
        + "account signs for. Add the server's entry to \"servers\" in the file that gateway run --config reads.";

    /// <summary>The message that refuses certificate files anywhere but in the configuration file.</summary>
    public const string TlsRefusal =
        "Nothing was registered: \"tls\" names files of the gateway's machine, so it can be set only in the "
        + "configuration file. Add the server's entry to \"servers\" in the file that gateway run --config reads.";

    /// <summary>The maximum number of children of a program that sets none.</summary>
    public const int ChildrenDefault = 64;

    /// <summary>The upper bound of the number of children of a program.</summary>
    public const int ChildrenBound = 10_000;

    /// <summary>The upper bound of the time after which an unused child ends, in seconds.</summary>
    public const int IdleSecondsBound = 7 * 24 * 60 * 60;

    /// <summary>The time after which an unused child ends, in seconds, for a program that sets none.</summary>
    public const int IdleSecondsDefault = 30 * 60;

    /// <summary>The declared members.</summary>
    public static new ImmutableArray<SpecMember> Members { get; } = SpecMember.Of(SpecJson.Default.ServerFile);

    /// <summary>The certificate files.</summary>
    [Member("PEM files, with absolute paths. The gateway reads them again when they change. These members can be set "
        + "only in the configuration file.", Order = 5,
        BelongsTo = "url")]
    public ServerTlsFiles? Tls { get; set; }

    /// <summary>The account on AWS.</summary>
    [Member("The account that signs each request for AWS (Signature Version 4). This member can be set only in the "
        + "configuration file.",
        Order = 26,
        BelongsTo = "url")]
    public AwsAccountSpec? Aws { get; set; }

    /// <summary>The program.</summary>
    [Member("A program in place of \"url\": a path, or a name on PATH.", Order = 9)]
    public string? Command { get; set; }

    /// <summary>The arguments.</summary>
    [Member("The program's arguments; no shell reads them.", Order = 10, BelongsTo = "command")]
    public List<string>? Args { get; set; }

    /// <summary>The environment.</summary>
    [Member("The program's environment, in addition to PATH, HOME and LANG from the gateway.",
        Order = 11, BelongsTo = "command")]
    public Dictionary<string, string>? Env { get; set; }

    /// <summary>The working directory.</summary>
    [Member("The program's working directory, an absolute path. Absent: `programs/NAME` in the data directory, or / "
        + "if \"user\" is set.",
        Order = 12, BelongsTo = "command")]
    public string? Cwd { get; set; }

    /// <summary>The user.</summary>
    [Member("The user of the program: a name in /etc/passwd, or numbers such as 1000:1000. The gateway must run as "
        + "root. Absent: the gateway's user.",
        Order = 13, BelongsTo = "command")]
    public string? User { get; set; }

    /// <summary>The resource limits of each child.</summary>
    [Member("The limits of each child process. If a limit is absent, the gateway's own limit applies.", Order = 14,
        BelongsTo = "command")]
    public ProgramLimits? Ulimits { get; set; }

    /// <summary>The maximum number of children at the same time.</summary>
    [Member("The maximum number of child processes.", Min = 1, Max = ChildrenBound, Default = ChildrenDefault,
        Order = 15, BelongsTo = "command")]
    public int? ChildrenMax { get; set; }

    /// <summary>The time after which an unused child ends, in seconds.</summary>
    [Member("How long an unused child process keeps running.", Min = 1, Max = IdleSecondsBound,
        Default = IdleSecondsDefault, Order = 22, BelongsTo = "command")]
    public int? IdleSeconds { get; set; }
}

/// <summary>The account that signs requests to a server on AWS.</summary>
public sealed record AwsAccountSpec
{
    /// <summary>The region.</summary>
    [Member("The server's AWS region, such as us-east-1.")]
    public string? Region { get; set; }

    /// <summary>The service.</summary>
    [Member("The signing name of the AWS service, such as bedrock-agentcore, lambda or execute-api.")]
    public string? Service { get; set; }

    /// <summary>The id of the access key.</summary>
    [Member("The id of an access key.")]
    public string? AccessKeyId { get; set; }

    /// <summary>The access key.</summary>
    [Member("The secret access key, which is never sent.")]
    public string? SecretAccessKey { get; set; }

    /// <summary>The session token.</summary>
    [Member("The session token of temporary credentials. Absent: none.")]
    public string? SessionToken { get; set; }
}

/// <summary>The PEM files of one server's TLS, each an absolute path.</summary>
public sealed record ServerTlsFiles
{
    /// <summary>The file of the certificate authorities.</summary>
    [Member("Certificate authorities to trust in addition to those of the system.")]
    public string? Ca { get; set; }

    /// <summary>The file of the client certificate.</summary>
    [Member("The client certificate, followed by its chain.")]
    public string? Cert { get; set; }

    /// <summary>The file of the private key.</summary>
    [Member("The certificate's private key, not encrypted. Absent: the certificate's file also contains the key.")]
    public string? Key { get; set; }
}
