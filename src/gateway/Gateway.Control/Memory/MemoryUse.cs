namespace Gateway.Control.Memory;

/// <summary>The purpose of memory, which determines the fate of a call that gets none.</summary>
public enum MemoryUse
{
    /// <summary>A request that is being read: refused, nothing was forwarded.</summary>
    Request,

    /// <summary>Reading names and arguments for the rules: refused, nothing was forwarded.</summary>
    Evaluation,

    /// <summary>A response or event that is buffered whole: the server waits, then the response is ended.</summary>
    Answer,
}
