using Gateway.Control.Documents;
using Gateway.Control.Health;
using Gateway.Limits.Model;

namespace Gateway.Control.Storage;

/// <summary>
/// The limits over one store, which is opened before the web server and closed after it; all that a host knows of the
/// store.
/// </summary>
public interface IStorageBackend : ILimiter, IEngineHealth, IAsyncDisposable
{
    /// <summary>The store's place, for the log; it contains no secret.</summary>
    string Place { get; }

    /// <summary>The clock to read once for each decision.</summary>
    ProcessClock Clock { get; }

    /// <summary>The control documents of a fleet; null keeps them in the data directory.</summary>
    IControlStore? Controls => null;

    /// <summary>A notice to the operator about the state in which the store was found; null for none.</summary>
    string? Notice => null;
}
