using System.Collections.Immutable;

namespace Gateway.Control.Notifications.Messages;

/// <summary>A notification for people: about a suspended call of an agent, or about an event.</summary>
public sealed record Notification
{
    /// <summary>The type of the event that an alert rule fires.</summary>
    public const string AlertFiring = "alert.firing";

    /// <summary>The type of the event that an alert rule no longer fires.</summary>
    public const string AlertResolved = "alert.resolved";

    /// <summary>The types that a channel can select. Every type that is raised must be here.</summary>
    public static ImmutableArray<string> Types { get; } =
    [
        "approval.asked", "approval.escalated", "approval.over", "budget.reached", "budget.threshold", "tool.drifted",
        AlertFiring, AlertResolved, "gateway.paused", "gateway.unready", "audit.failing", "audit.sink_failing",
        "server.failing", "server.refusing", "config.rejected", "object.rejected", "fleet.differs",
        "fleet.member_missing", "disk.filling", "refusal.spike", "grant.expiring", "grant.expired",
        "calls.unavailable", "issuer.unavailable",
    ];

    /// <summary>The id: 32 hexadecimal digits, equal over all tries. With the channel it names the delivery.</summary>
    public required string Id { get; init; }

    /// <summary>The request or event that the notification is about; by default its own id.</summary>
    public string Subject
    {
        get => field ?? Id;
        init;
    }

    /// <summary>The only channel to notify, whatever its filters; null for every channel that accepts it.</summary>
    public string? OnlyTo { get; init; }

    /// <summary>The type, such as <c>approval.asked</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The agent's grant.</summary>
    public required string Grant { get; init; }

    /// <summary>The server of the call.</summary>
    public required string Server { get; init; }

    /// <summary>The tool of the call.</summary>
    public required string Tool { get; init; }

    /// <summary>The tool's category and risk; null if no channel needs them, or nothing is known.</summary>
    public (string Category, string Risk)? Kind { get; init; }

    /// <summary>The JSON Pointer to the rule that requires approval.</summary>
    public required string Rule { get; init; }

    /// <summary>The reason why a person is notified.</summary>
    public required string Reason { get; init; }

    /// <summary>The time at which it happened in Unix milliseconds.</summary>
    public required long AtMs { get; init; }

    /// <summary>The time from which no notification is needed, in Unix milliseconds.</summary>
    public required long ExpiresMs { get; init; }

    /// <summary>The call's arguments as JSON; null if it has none, or they are not for this channel.</summary>
    public string? Arguments { get; init; }

    /// <summary>The address of a page with details; null if the channel has no links.</summary>
    public string? Link { get; init; }

    /// <summary>The outcome in one sentence; null while it is pending.</summary>
    public string? Outcome { get; init; }

    /// <summary>The next step for a person, in one line.</summary>
    public string NextStep
    {
        get => field ?? $"gateway approvals show {Subject}";
        init;
    }

    /// <summary>
    /// The further facts of an event, in the order in which they are shown; null for a suspended call.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Facts { get; init; }
}
