using Gateway.Policy.Recording;
using Gateway.Policy.Tools.Replay;

namespace Gateway.Audit.Replaying;

/// <summary>The record of one frontend, read once from its beginning to its end.</summary>
public abstract class RecordSource : IDisposable
{
    /// <summary>Bytes that there are to read, about; known once it is begun.</summary>
    public long BytesTotal { get; protected set; }

    /// <summary>True if nothing was recorded before what it has; known once it is begun.</summary>
    public bool HasAll { get; protected set; }

    /// <summary>Lines that are no whole record, and files that could not be read to their end.</summary>
    public long Unreadable { get; protected set; }

    /// <summary>Finds what is wanted.</summary>
    /// <param name="fromMs">What came before this instant, Unix milliseconds, may be left out.</param>
    public abstract void Begin(long fromMs);

    /// <summary>The next line without its end; null where there is none.</summary>
    /// <exception cref="IOException">It broke off.</exception>
    public abstract byte[]? Read();

    /// <summary>The recorded values of the arguments of a call of this source; null for none.</summary>
    /// <remarks>Calls are asked for in about the order in which they were read.</remarks>
    public abstract RecordedArguments? ValuesOf(RecordedCall call);

    /// <summary>A line of it is no record.</summary>
    public void Pass() => Unreadable++;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes what is open.</summary>
    protected abstract void Dispose(bool disposing);
}
