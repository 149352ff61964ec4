using Gateway.Audit.Arguments;
using Gateway.Audit.Files;
using Gateway.Policy.Recording;
using Gateway.Policy.Tools.Replay;

namespace Gateway.Audit.Replaying;

/// <summary>The files of an audit log, which may still be written.</summary>
/// <param name="directory">The directory of the audit log.</param>
/// <param name="arguments">
/// Finds recorded argument values, and is disposed with this object; null if there are none.
/// </param>
public sealed class FolderSource(string directory, ArgumentReader? arguments = null) : RecordSource
{
    private readonly Queue<AuditFileName> _files = new();
    private RecordLineReader? _lines;
    private Stream? _file;

    /// <summary>True if argument values may be available.</summary>
    public bool HasValues => arguments is not null;

    /// <inheritdoc/>
    public override void Begin(long fromMs)
    {
        var all = AuditArchive.InOrder(directory).ToList();
        var from = DateTimeOffset.FromUnixTimeMilliseconds(fromMs).UtcDateTime;
        var wanted = all.SkipWhile(file => file.LastWrite < from).ToList();
        HasAll = wanted.Count == all.Count && (all.Count == 0 || all[0].Number == 1);
        IsShortened = !HasAll && wanted.Count == all.Count;
        foreach (var file in wanted)
        {
            _files.Enqueue(file);
            BytesTotal += Bytes(file);
        }
    }

    /// <inheritdoc/>
    public override byte[]? Read()
    {
        while (_lines is not null || TryOpen())
        {
            if (Next(_lines!) is { } line)
                return line;
            Close();
        }

        return null;
    }

    /// <summary>Returns a call's recorded values in encrypted form, or null if there are none.</summary>
    public byte[]? SealedValuesOf(RecordedCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return arguments?.FindSealed(call.CallId, call.TimeMs);
    }

    /// <inheritdoc/>
    public override RecordedArguments? ValuesOf(RecordedCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return arguments?.Find(call.CallId, call.TimeMs);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        Close();
        arguments?.Dispose();
    }

    /// <summary>Opens the next available file; returns false if there are no more.</summary>
    private bool TryOpen()
    {
        while (_files.TryDequeue(out var file))
        {
            try
            {
                _file = file.Open(0);
                _lines = new RecordLineReader(_file);
                return true;
            }
            catch (FileNotFoundException)
            {
                // Retention deleted the file concurrently.
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Unreadable++;
            }
        }

        return false;
    }

    private byte[]? Next(RecordLineReader lines)
    {
        try
        {
            return lines.Read();
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            // A truncated compressed file.
            Unreadable++;
            return null;
        }
    }

    private void Close()
    {
        _lines?.Dispose();
        _file?.Dispose();
        (_lines, _file) = (null, null);
    }

    private static long Bytes(AuditFileName file)
    {
        try
        {
            return file.RecordBytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
