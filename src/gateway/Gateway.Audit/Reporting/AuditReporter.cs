using System.Globalization;
using System.Text.Json;
using Gateway.Audit.Files;
using Gateway.Audit.Reading;
using Gateway.Audit.Records;

namespace Gateway.Audit.Reporting;

/// <summary>Reads a log once from an instant on and summarizes calls, refusals and spending.</summary>
public static class AuditReporter
{
    private const int PageMax = 5000;

    /// <summary>Reports on the records of all gateways.</summary>
    /// <param name="shared">The shared records.</param>
    /// <param name="from">Start of the range (inclusive).</param>
    /// <param name="to">End of the range (exclusive).</param>
    /// <param name="grants">The configured grants.</param>
    /// <param name="rules">Tools in policies, in the form of rules in records: <c>/tools/NAME</c>.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="IOException">
    /// The sink did not respond; the message gives the reason without a password.
    /// </exception>
    public static async Task<AuditReport> ReadAsync(
        ISharedRecords shared, DateTimeOffset from, DateTimeOffset to, IEnumerable<string> grants,
        IEnumerable<(string Policy, string Rule)> rules, CancellationToken cancellationToken)
    {
        var totals = new ReportTotals(rules);
        var query = AuditQuery.Between(from, to);
        AuditPage page;
        string? cursor = null;
        do
        {
            page = await shared.ReadAsync(query, cursor, PageMax, cancellationToken);
            foreach (var record in page.Items)
                totals.Add(record);
            cursor = page.Next;
        }
        while (page.More);

        var first = await shared.ReadAsync(
            AuditQuery.Between(DateTimeOffset.UnixEpoch, to), null, 1, cancellationToken);
        return totals.Report(from, to, grants) with
        {
            Shared = shared.Name,
            Oldest = first.Items is [var oldest, ..] && oldest.GetProperty("time").GetString() is { } time
                ? DateTimeOffset.Parse(time, CultureInfo.InvariantCulture)
                : null,
        };
    }

    /// <summary>Reports on the records of one log.</summary>
    /// <param name="directory">Directory of the log.</param>
    /// <param name="from">Start of the range (inclusive).</param>
    /// <param name="to">End of the range (exclusive).</param>
    /// <param name="grants">The configured grants.</param>
    /// <param name="rules">Tools in policies, in the form of rules in records: <c>/tools/NAME</c>.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static AuditReport Read(
        string directory, DateTimeOffset from, DateTimeOffset to, IEnumerable<string> grants,
        IEnumerable<(string Policy, string Rule)> rules)
    {
        var totals = new ReportTotals(rules);
        // All times have the same form, so string order is time order.
        var first = RefusalJson.Time(from.ToUnixTimeMilliseconds());
        var last = RefusalJson.Time(to.ToUnixTimeMilliseconds());
        string? oldest = null;
        foreach (var file in AuditArchive.InOrder(directory))
        {
            foreach (var record in Records(file, from))
            {
                if (!record.TryGetProperty("time", out var member) || member.GetString() is not { } time)
                    continue;
                oldest = string.CompareOrdinal(oldest ?? time, time) < 0 ? oldest : time;
                if (string.CompareOrdinal(time, first) >= 0 && string.CompareOrdinal(time, last) < 0)
                    totals.Add(record);
            }
        }

        return totals.Report(from, to, grants) with
        {
            Oldest = oldest is null ? null : DateTimeOffset.Parse(oldest, CultureInfo.InvariantCulture),
        };
    }

    /// <summary>
    /// Returns the records of a file. For a file that ends before the range only the first record is read, to learn how
    /// far back the log goes.
    /// </summary>
    private static IEnumerable<JsonElement> Records(AuditFileName file, DateTimeOffset from)
    {
        var isBefore = file.LastWrite < from.UtcDateTime;
        Stream stream;
        try
        {
            stream = file.Open(0);
        }
        catch (FileNotFoundException)
        {
            // The file has just been deleted.
            yield break;
        }

        using (stream)
        {
            using var lines = new RecordLineReader(stream);
            while (lines.Read() is { } line)
            {
                if (TryParse(line) is not { } record)
                    continue;
                using (record)
                    yield return record.RootElement;
                if (isBefore)
                    yield break;
            }
        }
    }

    private static JsonDocument? TryParse(byte[] line)
    {
        try
        {
            var record = JsonDocument.Parse(line);
            if (record.RootElement.ValueKind == JsonValueKind.Object)
                return record;
            record.Dispose();
            return null;
        }
        catch (JsonException)
        {
            // A crash cut the end of the file off.
            return null;
        }
    }
}
