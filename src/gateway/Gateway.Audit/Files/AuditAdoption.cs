using Gateway.Audit.Evidence;

namespace Gateway.Audit.Files;

/// <summary>Adopts the records that a killed process wrote after its last checkpoint.</summary>
internal static class AuditAdoption
{
    /// <summary>
    /// Begins the evidence of this process where the previous process's evidence ended. If there is none, or too many
    /// bytes follow it, the evidence begins at the place of the next record.
    /// </summary>
    public static void Begin(EvidenceWriter evidence, string directory, LogPlace at)
    {
        if (evidence is { IsClosed: true, Left: { } closed } && closed != at && !IsNextFile(directory, closed, at))
            evidence.ReportDiscontinuity(closed, at);
        var found = evidence is { IsClosed: false, Left: { } left } && left <= at
            ? Read(directory, left, at, evidence.AdoptedBytesMax)
            : null;
        evidence.Begin(found is null ? at : evidence.Left!.Value);
        foreach (var (line, end) in found ?? [])
            evidence.Adopt(line, end);
        evidence.EndAdoption();
    }

    /// <summary>Returns true if nothing lies between the two places but the end of a file.</summary>
    private static bool IsNextFile(string directory, LogPlace left, LogPlace at) =>
        at == new LogPlace(left.File + 1, 0) && AuditArchive.InOrder(directory)
            .Where(file => file.Number == left.File).All(file => file.RecordBytes == left.Offset);

    /// <summary>
    /// Returns the records between two places, or null if some are missing or there are too many bytes.
    /// </summary>
    private static List<(byte[] Line, LogPlace End)>? Read(string directory, LogPlace left, LogPlace at, long bytesMax)
    {
        var lines = new List<(byte[], LogPlace)>();
        var files = AuditArchive.InOrder(directory)
            .Where(file => file.Number >= left.File && file.Number <= at.File).ToList();
        var bytes = files.Sum(static file => file.RecordBytes) - left.Offset;
        if (files.Count != at.File - left.File + 1 || files[0].RecordBytes < left.Offset || bytes > bytesMax)
            return null;
        foreach (var file in files)
        {
            var start = file.Number == left.File ? left.Offset : 0;
            using var stream = file.Open(start);
            using var reader = new RecordLineReader(stream);
            while (reader.Read() is { } line)
                lines.Add((line, new LogPlace(file.Number, start + reader.Consumed)));
        }

        return lines;
    }
}
