using Gateway.Control.Options;

namespace Gateway.Upstreams.Stdio.Processes;

/// <summary>Bounds of all children together.</summary>
public sealed record ProcessManagerOptions
{
    /// <summary>How the supervisor is started; without one no child is.</summary>
    public required SupervisorStart? Supervisor { get; init; }

    /// <summary>The most children that run at once, of all servers. 256.</summary>
    public int ChildrenMax { get; init; } = 256;
}
