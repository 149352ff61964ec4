namespace Gateway.Proxy.Health;

/// <summary>What the limit engine says of itself; each host binds its own engine.</summary>
public interface IEngineHealth
{
    /// <summary>Why the engine cannot decide; null while it can.</summary>
    string? Fault { get; }
}
