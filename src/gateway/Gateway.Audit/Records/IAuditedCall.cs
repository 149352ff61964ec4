using Gateway.Mcp;

namespace Gateway.Audit.Records;

/// <summary>What of a call goes on record; times in Unix milliseconds.</summary>
public interface IAuditedCall
{
    /// <summary>The call id of this attempt, as it is written.</summary>
    string IdText { get; }

    /// <summary>The name of the grant.</summary>
    string GrantName { get; }

    /// <summary>The name of the server.</summary>
    string ServerName { get; }

    /// <summary>The name of the policy that judged; null where the grant has none.</summary>
    string? PolicyName { get; }

    /// <summary>The digest of that policy's document; null where the grant has none.</summary>
    string? PolicySha256 { get; }

    /// <summary>The message; of its arguments only the names are recorded.</summary>
    McpMessage Message { get; }

    /// <summary>The session whose counters it is counted on; null where the gateway has bound none.</summary>
    string? SessionCounterId { get; }

    /// <summary>The instant of the decision.</summary>
    long NowMs { get; }

    /// <summary>When the message had arrived.</summary>
    long ArrivedMs { get; }
}
