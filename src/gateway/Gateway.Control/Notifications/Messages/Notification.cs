namespace Gateway.Control.Notifications.Messages;

/// <summary>What a person is told: a call of an agent that waits for them, or an event.</summary>
public sealed record Notification
{
    /// <summary>The same over every try, 32 hexadecimal digits; with the channel it names the delivery.</summary>
    public required string Id { get; init; }

    /// <summary>The request or event that it is about; itself where it says nothing else.</summary>
    public string Subject
    {
        get => field ?? Id;
        init;
    }

    /// <summary>The one channel that is told, whatever its filters; null for every one that takes it.</summary>
    public string? OnlyTo { get; init; }

    /// <summary>What happened, such as <c>approval.asked</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Whose agent.</summary>
    public required string Grant { get; init; }

    /// <summary>The server that the call is for.</summary>
    public required string Server { get; init; }

    /// <summary>The tool that it calls.</summary>
    public required string Tool { get; init; }

    /// <summary>The tool's category and risk; null where nobody asked for them, or nothing is known.</summary>
    public (string Category, string Risk)? Kind { get; init; }

    /// <summary>JSON Pointer to the rule that asks.</summary>
    public required string Rule { get; init; }

    /// <summary>Why a person is asked.</summary>
    public required string Reason { get; init; }

    /// <summary>When it happened, Unix milliseconds.</summary>
    public required long AtMs { get; init; }

    /// <summary>From when on nobody needs to be told any more, Unix milliseconds.</summary>
    public required long ExpiresMs { get; init; }

    /// <summary>The call's arguments as JSON; null where there are none, or they are not for this channel.</summary>
    public string? Arguments { get; init; }

    /// <summary>Where a person sees more of it; null where the channel has no links.</summary>
    public string? Link { get; init; }

    /// <summary>What became of it, in one sentence; null while it waits.</summary>
    public string? Outcome { get; init; }

    /// <summary>What a person does next, in one line.</summary>
    public string NextStep
    {
        get => field ?? $"gateway approvals show {Subject}";
        init;
    }

    /// <summary>What an event says besides, in the order in which it is shown; null for a call that waits.</summary>
    public IReadOnlyDictionary<string, string>? Facts { get; init; }
}
