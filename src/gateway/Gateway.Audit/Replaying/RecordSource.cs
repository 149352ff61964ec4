using Gateway.Policy.Recording;
using Gateway.Policy.Tools.Replay;

namespace Gateway.Audit.Replaying;

/// <summary>The records of one frontend, read once from the beginning to the end.</summary>
public abstract class RecordSource : IDisposable
{
    /// <summary>Approximate number of bytes to read; known after <see cref="Begin"/>.</summary>
    public long BytesTotal { get; protected set; }

    /// <summary>
    /// True if the source contains the log from its first record on; known after <see cref="Begin"/>.
    /// </summary>
    public bool HasAll { get; protected set; }

    /// <summary>
    /// True if older records of the log are deleted and all others are read; known after <see cref="Begin"/>.
    /// </summary>
    public bool IsShortened { get; protected set; }

    /// <summary>Number of incomplete records, and of files that could not be read to their end.</summary>
    public long Unreadable { get; protected set; }

    /// <summary>Starts reading.</summary>
    /// <param name="fromMs">Records before this instant, in Unix milliseconds, may be omitted.</param>
    public abstract void Begin(long fromMs);

    /// <summary>Returns the next line without its end, or null at the end.</summary>
    /// <exception cref="IOException">The source ended early.</exception>
    public abstract byte[]? Read();

    /// <summary>Returns the recorded argument values of a call of this source, or null if there are none.</summary>
    /// <remarks>Callers request calls in roughly the order in which they were read.</remarks>
    public abstract RecordedArguments? ValuesOf(RecordedCall call);

    /// <summary>Counts a line that is not a record.</summary>
    public void Pass() => Unreadable++;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases open files and streams.</summary>
    protected abstract void Dispose(bool disposing);
}
