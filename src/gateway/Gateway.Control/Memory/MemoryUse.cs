namespace Gateway.Control.Memory;

/// <summary>What memory is wanted for, and so what becomes of a call that gets none.</summary>
public enum MemoryUse
{
    /// <summary>A request that is being read: refused, nothing was forwarded.</summary>
    Request,

    /// <summary>Reading names and arguments for the rules: refused, nothing was forwarded.</summary>
    Judging,

    /// <summary>An answer or event that is taken whole: the server is kept waiting, then the answer is ended.</summary>
    Answer,
}
