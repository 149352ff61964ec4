using Gateway.Mcp;
using Gateway.Policy.Decisions;

namespace Gateway.Audit.Records;

/// <summary>The recorded properties of a call; times are in Unix milliseconds.</summary>
public interface IAuditedCall
{
    /// <summary>The call id of this attempt, as text.</summary>
    string IdText { get; }

    /// <summary>The name of the grant.</summary>
    string GrantName { get; }

    /// <summary>The caller that a token of an issuer identified; null for a grant's own token.</summary>
    Caller? Caller { get; }

    /// <summary>The name of the server.</summary>
    string ServerName { get; }

    /// <summary>The name of the policy that was evaluated; null if the grant has none.</summary>
    string? PolicyName { get; }

    /// <summary>The digest of that policy's document; null if the grant has none.</summary>
    string? PolicySha256 { get; }

    /// <summary>The message. Only the names of its arguments are recorded.</summary>
    McpMessage Message { get; }

    /// <summary>The session on whose counters the call counts; null if the gateway has bound none.</summary>
    string? SessionCounterId { get; }

    /// <summary>Time of the decision.</summary>
    long NowMs { get; }

    /// <summary>Time at which the message had arrived.</summary>
    long ArrivedMs { get; }

    /// <summary>The label under which figures count the call's tool; null before its decision.</summary>
    string? ToolLabel => null;
}
