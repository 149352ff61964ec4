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

    /// <summary>The server's MCP endpoint, <c>http</c> or <c>https</c>.</summary>
    public string? Url { get; set; }

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
