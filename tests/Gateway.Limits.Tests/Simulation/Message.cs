namespace Gateway.Limits.Tests.Simulation;

/// <summary>Something on its way between a frontend, an owner and the store.</summary>
internal sealed class Message
{
    /// <summary>For the trace.</summary>
    public required string Name { get; init; }

    /// <summary>True while it cannot arrive, because the process that it is for is stopped.</summary>
    public Func<bool>? IsHeld { get; init; }

    /// <summary>What happens when it arrives.</summary>
    public required Action<Message> Deliver { get; init; }

    /// <summary>What its sender does instead of waiting any longer; null if it does not wait.</summary>
    public Action? TimeOut { get; init; }

    /// <summary>False for what never crosses a network.</summary>
    public bool IsLossy { get; init; } = true;

    /// <summary>True once there are two of it.</summary>
    public bool IsRepeated { get; set; }
}
