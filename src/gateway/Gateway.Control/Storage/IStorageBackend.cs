using Gateway.Control.Documents;
using Gateway.Control.Health;
using Gateway.Limits.Model;

namespace Gateway.Control.Storage;

/// <summary>
/// The limits over one store, which is opened before the web server and closed after it: all that a host knows of it.
/// </summary>
public interface IStorageBackend : ILimiter, IEngineHealth, IAsyncDisposable
{
    /// <summary>Where it is, for the log; no secret is in it.</summary>
    string Place { get; }

    /// <summary>The clock to read once for each decision.</summary>
    ProcessClock Clock { get; }

    /// <summary>Where a fleet keeps its control documents; null keeps them in the data directory.</summary>
    IControlStore? Controls => null;

    /// <summary>What an operator should know of how it was found; null if nothing.</summary>
    string? Notice => null;
}
