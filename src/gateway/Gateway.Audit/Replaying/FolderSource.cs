using Gateway.Audit.Arguments;
using Gateway.Audit.Files;
using Gateway.Policy.Recording;
using Gateway.Policy.Tools.Replay;

namespace Gateway.Audit.Replaying;

/// <summary>The files of an audit log, which may be written meanwhile.</summary>
/// <param name="directory">The directory of the audit log.</param>
/// <param name="arguments">Finds recorded values of arguments, and is closed with this; null where there are none.
/// </param>
public sealed class FolderSource(string directory, ArgumentReader? arguments = null) : RecordSource
{
    private readonly Queue<AuditFileName> _files = new();
    private RecordLineReader? _lines;
    private Stream? _file;

    /// <summary>True if values of arguments may be there.</summary>
    public bool HasValues => arguments is not null;

    /// <inheritdoc/>
    public override void Begin(long fromMs)
    {
        var all = AuditArchive.InOrder(directory).ToList();
        var from = DateTimeOffset.FromUnixTimeMilliseconds(fromMs).UtcDateTime;
        var wanted = all.SkipWhile(file => file.LastWrite < from).ToList();
        HasAll = wanted.Count == all.Count && (all.Count == 0 || all[0].Number == 1);
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

    /// <summary>What was kept of a call's arguments, as it lies there.</summary>
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

    /// <summary>Opens the next file that is there; false where no more are.</summary>
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
                // Deleted meanwhile, as its time had come.
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
            // A compressed file that was cut off.
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
