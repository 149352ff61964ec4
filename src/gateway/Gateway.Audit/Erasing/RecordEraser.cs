using System.Text;
using Gateway.Audit.Arguments;
using Gateway.Audit.Directories;
using Gateway.Audit.Evidence;
using Gateway.Audit.Files;
using Gateway.Audit.Records;
using Gateway.Audit.Writing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Audit.Erasing;

/// <summary>
/// Erases a person's values from the log of this process. The erasure records with the places are durable before a
/// value is overwritten, and the places alone suffice to finish after a kill: the next start does it.
/// </summary>
public sealed partial class RecordEraser(
    AuditLog audit, AuditLogOptions options, ArgumentRecorder arguments, TimeProvider time,
    ILogger<RecordEraser> logger) : IHostedService, IDisposable
{
    /// <summary>File that exists while an erasure is incomplete. It contains the place of its first record.</summary>
    private const string Incomplete = "erasing";

    private readonly SemaphoreSlim _erasing = new(1);

    private string Marker => Path.Combine(options.Directory, Incomplete);

    /// <summary>Finishes an erasure that a previous process began.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (File.Exists(Marker))
                await Task.Run(ResumeAsync, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogIncomplete(SystemError.Words(e));
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Finds the records that name the person; <paramref name="see"/> receives each of them.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public PersonRecords Find(PersonQuery person, Action<byte[]>? see = null) =>
        PersonRecords.Find(options.Directory, person, int.MaxValue, see);

    /// <summary>
    /// Erases the values of all records that were written before this call. Returns null if another erasure runs.
    /// </summary>
    /// <param name="person">The person.</param>
    /// <param name="by">The identity that requested it.</param>
    /// <param name="reason">The reason.</param>
    /// <exception cref="IOException">A file cannot be read or written; the next start, or a repetition, ends it.
    /// </exception>
    public async Task<ErasureResult?> EraseAsync(PersonQuery person, Actor by, string reason)
    {
        if (!await _erasing.WaitAsync(TimeSpan.Zero))
            return null;
        try
        {
            // An earlier erasure may have failed because the disk was full.
            if (File.Exists(Marker))
                await ResumeAsync();
            var record = new ErasureRecord
            {
                Id = Guid.NewGuid().ToString("N"),
                Became = ErasureRecord.Requested,
                By = by,
                Reason = reason,
            };
            Mark();
            audit.EndFile();
            await WriteAsync(record);
            var current = AuditArchive.Files(options.Directory).Max(static file => file.Number);
            var found = await Task.Run(() => PersonRecords.Find(options.Directory, person, current));
            var places = new ErasedPlaces();
            foreach (var part in Parts(found))
            {
                await WriteAsync(record with
                {
                    Became = ErasureRecord.Erased,
                    Values = part.Values,
                    Places = part.Places,
                });
                places.Add(part.Values, part.Places.SelectMany(
                    static file => file.Value.Select(offset => (file.Key, offset))));
            }

            var calls = await EraseAsync(places);
            return new ErasureResult(record.Id, found.Erasable, calls, found.Fixed, found.FixedUntil, found.HasMore);
        }
        finally
        {
            _erasing.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _erasing.Dispose();

    private async Task ResumeAsync()
    {
        var from = LogPlace.Parse(await File.ReadAllTextAsync(Marker)) ?? default;
        var places = new ErasedPlaces();
        foreach (var file in AuditArchive.InOrder(options.Directory).Where(file => file.Number >= from.File))
        {
            using var stream = file.Open(file.Number == from.File ? from.Offset : 0);
            using var lines = new RecordLineReader(stream);
            while (lines.Read() is { } line)
            {
                if (ErasureRecord.Read(line) is { } erasure)
                    places.Add(erasure.Values, erasure.Places);
            }
        }

        LogResumed();
        await EraseAsync(places);
    }

    private async Task<int> EraseAsync(ErasedPlaces places)
    {
        if (!places.IsEmpty)
        {
            await Task.Run(() => places.Erase(audit.Archive));
            await Task.Run(() => arguments.Erase(places.Calls));
        }

        File.Delete(Marker);
        return places.Calls.Count;
    }

    private void Mark()
    {
        var last = AuditArchive.InOrder(options.Directory).Cast<AuditFileName?>().LastOrDefault();
        var place = new LogPlace(last?.Number ?? 0, last?.RecordBytes ?? 0);
        var made = Marker + ".new";
        using (var file = DataDirectory.Owned(made, FileMode.Create, FileShare.None))
        {
            file.Write(Encoding.ASCII.GetBytes(place.ToString()));
            file.Flush(flushToDisk: true);
        }

        File.Move(made, Marker, overwrite: true);
    }

    private async Task WriteAsync(ErasureRecord record)
    {
        if (!await audit.RecordAsync(record.Line(time.GetUtcNow().ToUnixTimeMilliseconds())))
            throw new IOException($"the audit log cannot be written: {audit.Fault}");
    }

    private static IEnumerable<(int Values, Dictionary<int, IReadOnlyList<long>> Places)> Parts(PersonRecords found)
    {
        foreach (var same in found.Found.GroupBy(static one => one.Values, static one => one.Place))
        {
            foreach (var part in same.Chunk(ErasureRecord.PlacesMax))
            {
                yield return (same.Key, part.GroupBy(static place => place.File, static place => place.Offset)
                    .ToDictionary(static file => file.Key, static file => (IReadOnlyList<long>)[.. file]));
            }
        }
    }

    [LoggerMessage(1, LogLevel.Error,
        "An interrupted erasure of a person's values cannot be finished ({Fault}): repeat "
        + "\"gateway audit erase\", or restart the gateway")]
    private partial void LogIncomplete(string fault);

    [LoggerMessage(2, LogLevel.Information, "Finishing an interrupted erasure of a person's values")]
    private partial void LogResumed();
}

/// <summary>The result of an erasure.</summary>
/// <param name="Id">The erasure's id, as in its records.</param>
/// <param name="Records">Number of records whose values were erased.</param>
/// <param name="Calls">Number of calls whose recorded arguments were erased, if there were any.</param>
/// <param name="Fixed">Number of records that name the subject where it cannot be erased.</param>
/// <param name="FixedUntil">Time of the last write to the newest file with such records.</param>
/// <param name="HasMore">True if a repeated erasure would cover more records.</param>
public sealed record ErasureResult(
    string Id, int Records, int Calls, long Fixed, DateTimeOffset? FixedUntil, bool HasMore);
