using Gateway.Audit.Evidence;
using Gateway.Audit.Files;
using Gateway.Audit.Records;

namespace Gateway.Audit.Erasing;

/// <summary>The records of one log that contain values of a person.</summary>
public sealed class PersonRecords
{
    /// <summary>Maximum number of records that one erasure covers; a repeated one covers the next records.</summary>
    public const int Max = 500_000;

    private readonly List<(LogPlace Place, int Values)> _found = [];

    /// <summary>Number of records with values that can be erased, at most <see cref="Max"/>.</summary>
    public int Erasable => _found.Count;

    /// <summary>
    /// Number of records of earlier releases that name the subject where it cannot be erased. Retention deletes them.
    /// </summary>
    public long Fixed { get; private set; }

    /// <summary>Time of the last write to the newest file with such records; null if there are none.</summary>
    public DateTimeOffset? FixedUntil { get; private set; }

    /// <summary>True if there are more records than <see cref="Max"/>.</summary>
    public bool HasMore { get; private set; }

    /// <summary>Places of the records with erasable values, in order.</summary>
    internal IReadOnlyList<(LogPlace Place, int Values)> Found => _found;

    /// <summary>Finds the records in the files before a number.</summary>
    /// <param name="directory">The directory of the log.</param>
    /// <param name="person">The person.</param>
    /// <param name="before">The number of the first file that is not read.</param>
    /// <param name="see">Receives each record that names the person; null for none.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static PersonRecords Find(
        string directory, PersonQuery person, int before, Action<byte[]>? see = null)
    {
        ArgumentNullException.ThrowIfNull(person);
        var records = new PersonRecords();
        var complete = CompleteLeaves(directory);
        foreach (var file in AuditArchive.InOrder(directory).Where(file => file.Number < before))
        {
            try
            {
                records.Read(file, person, complete, see);
            }
            catch (FileNotFoundException)
            {
                // Retention has just deleted the file.
            }
        }

        return records;
    }

    private void Read(
        AuditFileName file, PersonQuery person, List<(LogPlace From, LogPlace To)> complete, Action<byte[]>? see)
    {
        using var stream = file.Open(0);
        using var lines = new RecordLineReader(stream);
        var at = new LogPlace(file.Number, 0);
        for (; lines.Read() is { } line; at = at with { Offset = lines.Consumed })
        {
            var isErasable = ErasableValues.TryRead(line, out var values);
            var set = isErasable ? person.ValuesIn(line, values) : 0;
            var place = at;
            if (set != 0 && !complete.Exists(part => part.From <= place && place < part.To))
            {
                if (_found.Count < Max)
                    _found.Add((at, set));
                else
                    HasMore = true;
            }
            else if (set != 0 || person.IsNamedIn(isErasable ? line.AsSpan(0, values.CoveredBytes) : line))
            {
                Fixed++;
                FixedUntil = new DateTimeOffset(file.LastWrite, TimeSpan.Zero);
            }
            else
                continue;
            see?.Invoke(line);
        }
    }

    /// <summary>
    /// Returns the parts of the log whose evidence covers complete lines, because an earlier release adopted records
    /// that this one had written.
    /// </summary>
    private static List<(LogPlace From, LogPlace To)> CompleteLeaves(string directory) =>
    [
        .. EvidenceFolder.Read(directory).Select(static one => one.Signed?.Checkpoint).OfType<Checkpoint>()
            .Where(static checkpoint => !checkpoint.IsErasable).GroupBy(static checkpoint => checkpoint.Head.Chain)
            .Select(static chain => (chain.First().From, chain.Max(static checkpoint => checkpoint.To))),
    ];
}
