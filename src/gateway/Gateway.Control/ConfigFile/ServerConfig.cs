using System.Text.Json.Serialization;

namespace Gateway.Control.ConfigFile;

/// <summary>One registered MCP server as written: an address, or a program.</summary>
public sealed record ServerConfig
{
    /// <summary>What whoever wants to register a program anywhere else is told.</summary>
    public const string ProgramRefusal =
        "Nothing was registered: a program is registered in the configuration file only, since whoever does it runs "
        + "code as the gateway. Write its entry into \"servers\" of the file that gateway run --config reads; it is "
        + "taken over within a second.";

    /// <summary>The refusal of certificate files anywhere but in the configuration file.</summary>
    public const string TlsRefusal =
        "Nothing was registered: \"tls\" names files of the gateway's machine, so it is set in the configuration file "
        + "only. Write the server's entry into \"servers\" of the file that gateway run --config reads.";

    /// <summary>The server's MCP endpoint, <c>http</c> or <c>https</c>.</summary>
    public string? Url { get; set; }

    /// <summary>In place of <see cref="Url"/>: the endpoints of 1 to 16 replicas of the server.</summary>
    public List<string>? Urls { get; set; }

    /// <summary>
    /// <c>http</c> (Streamable HTTP) or <c>sse</c> (HTTP+SSE, the older transport); absent: detected at initialize.
    /// </summary>
    public string? Transport { get; set; }

    /// <summary>The proxy to the server; absent: the one that the environment names, if any.</summary>
    public ServerProxyConfig? Proxy { get; set; }

    /// <summary>Certificate files for the server. They can be set in the configuration file only.</summary>
    public ServerTlsConfig? Tls { get; set; }

    /// <summary>How long calls wait for the server's response; absent: as long as their client.</summary>
    public ServerTimeoutsConfig? Timeouts { get; set; }

    /// <summary>Headers sent with every request to the server: its credential, as a rule.</summary>
    public Dictionary<string, string> Headers { get; set; } = [];

    /// <summary>The account with which the gateway takes access tokens for the server.</summary>
    [JsonPropertyName("oauth")]
    public OAuthConfig? OAuth { get; set; }

    /// <summary>A DNS name at which it is served at exactly <c>/mcp</c>, beside <c>/mcp/{name}</c>.</summary>
    public string? Host { get; set; }

    /// <summary>The policy of grants that clients sign in for, unless an operator chooses another.</summary>
    public string? OAuthPolicy { get; set; }

    /// <summary>
    /// In place of <see cref="Url"/>: a program that is a server on its standard input and output, as a path or a name
    /// on <c>PATH</c>. It can be set in the configuration file only, never over the API.
    /// </summary>
    public string? Command { get; set; }

    /// <summary>The program's arguments as they are; no shell reads them.</summary>
    public List<string>? Args { get; set; }

    /// <summary>
    /// The program's environment. Of the gateway's own it has <c>PATH</c>, <c>HOME</c> and <c>LANG</c>, where they are
    /// not set here, and nothing else.
    /// </summary>
    public Dictionary<string, string>? Env { get; set; }

    /// <summary>The program's working directory, absolute; absent: the gateway's.</summary>
    public string? Cwd { get; set; }

    /// <summary>
    /// Whom the program runs as: a name of <c>/etc/passwd</c>, or numbers as <c>1000:1000</c>. Needs a gateway that is
    /// root, and <c>setpriv</c>. Absent: the gateway's own user.
    /// </summary>
    public string? User { get; set; }

    /// <summary>What the system lets each child of the program take.</summary>
    public UlimitConfig? Ulimits { get; set; }

    /// <summary>The most children at once, 1 to 10,000. Absent: 64.</summary>
    public int? ChildrenMax { get; set; }

    /// <summary>How long a child stays that nobody uses, in seconds, 1 to 604,800. Absent: 1,800.</summary>
    public int? IdleSeconds { get; set; }
}

/// <summary>The <c>proxy</c> member of a server.</summary>
public sealed record ServerProxyConfig
{
    /// <summary>The proxy's address, http; absent: the one that the environment names.</summary>
    public string? Url { get; set; }

    /// <summary>True: the proxy resolves the server's name, and is the boundary. Absent: false.</summary>
    public bool? Resolves { get; set; }
}

/// <summary>The <c>tls</c> member of a server: PEM files, absolute paths, read again when they change.</summary>
public sealed record ServerTlsConfig
{
    /// <summary>Certificate authorities that are trusted besides the system's.</summary>
    public string? Ca { get; set; }

    /// <summary>The client certificate, the chain above it behind.</summary>
    public string? Cert { get; set; }

    /// <summary>Its private key; absent: in the same file.</summary>
    public string? Key { get; set; }
}

/// <summary>The <c>timeouts</c> member of a server, in whole seconds from 1 to 86,400.</summary>
public sealed record ServerTimeoutsConfig
{
    /// <summary>How long a request waits for its response; absent: as long as its client.</summary>
    public int? CallSeconds { get; set; }

    /// <summary>The timeouts of calls by the name of their tool, in place of <see cref="CallSeconds"/>.</summary>
    public Dictionary<string, int>? Tools { get; set; }

    /// <summary>
    /// How long a request may take in all where its server reports progress. Absent: 600, or its timeout if longer.
    /// </summary>
    public int? MaxSeconds { get; set; }
}
