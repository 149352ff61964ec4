using Gateway.Audit.Arguments;
using Gateway.Audit.Evidence;
using Gateway.Audit.Files;

namespace Gateway.Audit.Verifying;

/// <summary>
/// Compares a log with its checkpoints and with checkpoints that were kept elsewhere. It changes nothing and needs no
/// running gateway; a gateway may be writing at the same time.
/// </summary>
public static class AuditVerifier
{
    private const int Tries = 3;

    /// <summary>Verifies a log.</summary>
    /// <param name="directory">Directory of the log: <c>audit</c> in the data directory.</param>
    /// <param name="outside">Checkpoints that were kept elsewhere.</param>
    /// <param name="keys">
    /// Trusted public keys, as SubjectPublicKeyInfo in Base64. If there are none, the first checkpoint's keys are
    /// trusted.
    /// </param>
    /// <param name="openArguments">
    /// Opens the recorded arguments, to compare them too; null to compare everything else.
    /// </param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static VerifyReport Verify(
        string directory, IReadOnlyList<OutsideCheckpoint> outside, IReadOnlyList<string> keys,
        Func<ArgumentReader>? openArguments = null)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                using var arguments = openArguments?.Invoke();
                var report = Try(directory, outside, keys, arguments, out var isCurrent);
                if (isCurrent || tries == Tries)
                    return report;
            }
            catch (FileNotFoundException) when (tries < Tries)
            {
                // Retention deleted the file concurrently.
            }
        }
    }

    /// <summary>
    /// Parses the checkpoints in a text: signed notes, or the evidence of another writer, which contains those that it
    /// witnessed.
    /// </summary>
    public static IReadOnlyList<OutsideCheckpoint> ReadOutside(string source, string text)
    {
        var found = new List<OutsideCheckpoint>();
        foreach (var note in text.Replace("\r\n", "\n", StringComparison.Ordinal).Split("\n\n"))
        {
            // The signatures of the previous note come first.
            var lines = note.Split('\n').SkipWhile(
                static line => !line.StartsWith(Checkpoint.OriginPrefix, StringComparison.Ordinal));
            Add(Checkpoint.Parse(string.Join('\n', lines)));
        }

        foreach (var signed in text.Split('\n').Select(EvidenceFolder.Parse).OfType<SignedCheckpoint>())
            Add(signed.Checkpoint);
        return [.. found.Distinct()];

        void Add(Checkpoint? checkpoint)
        {
            if (checkpoint is null)
                return;
            found.Add(new OutsideCheckpoint(source, checkpoint.Head, checkpoint.Writer)
            {
                Previous = checkpoint.Previous,
                Link = checkpoint.Link,
            });
            found.AddRange(checkpoint.Witnessed.Select(head => new OutsideCheckpoint(source, head, null)));
        }
    }

    private static VerifyReport Try(
        string directory, IReadOnlyList<OutsideCheckpoint> outside, IReadOnlyList<string> keys,
        ArgumentReader? arguments, out bool isCurrent)
    {
        // Read the evidence first, so that everything it covers has been written.
        var trusted = TrustedCheckpoints.Read(directory, keys);
        using var cursor = new RecordCursor([.. AuditArchive.InOrder(directory)]);
        var chains = trusted.All.GroupBy(static one => one.Checkpoint!.Head.Chain)
            .Select(static chain => chain.OrderBy(static one => one.Checkpoint!.Head.Size).ToList()).ToList();
        var marks = new OutsideMarks(outside, [.. trusted.All.Select(static one => one.Checkpoint!)]);
        var parts = new List<VerifiedPart>(trusted.Odd);
        var run = new ChainRun(cursor, parts, marks, trusted.LacksFirst);
        foreach (var chain in chains)
            run.Follow(chain);
        run.End();
        parts.AddRange(cursor.Unreadable.Values.Select(static at => new VerifiedPart("broken", at, at, null,
            "this file cannot be decompressed from here on: it was changed or damaged")));
        using var records = cursor.Again();
        var values = ValueCheck.Run(records, parts, arguments);
        // A gateway that started during the verification has signed records that look like records after the end.
        isCurrent = !run.HasUnsignedTail || EvidenceFolder.Last(directory)?.Note == trusted.Last?.Note;
        var results = marks.Results();
        var isBroken = parts.Any(static part => part.State == "broken")
            || results.Any(static result => result.State == "broken");
        var isProved = run.Proved > 0 || results.Any(static result => result.State == "proved");
        return new VerifyReport(
            isBroken ? VerifyReport.Broken : isProved ? VerifyReport.Sound : VerifyReport.Nothing)
        {
            Writer = trusted.All.LastOrDefault()?.Checkpoint!.Writer,
            Proved = run.Proved,
            Checkpoints = run.Held,
            Newest = run.Newest,
            Last = run.Last,
            Later = parts.Skip(parts.FindLastIndex(static part => part is { State: "proved", Records: > 0 }) + 1)
                .Sum(static part => part.Records ?? 0),
            Parts = Joined(parts),
            Values = values,
            Outside = results,
            Keys = [.. trusted.Keys.Select(CheckpointKeys.NameOf)],
            KeysFrom = keys.Count > 0 ? "named" : "found beside the records",
            Limits = Limits(results, keys.Count > 0),
        };
    }

    private static List<string> Limits(IReadOnlyList<OutsideResult> results, bool hasKeys)
    {
        var limits = new List<string>
        {
            "Two things cannot be detected: records that were never written, and changes to a record before its first "
                + "checkpoint.",
        };
        if (!results.Any(static result => result.State == "proved"))
        {
            limits.Add("No checkpoint that was stored elsewhere confirms this log (--checkpoint FILE). Someone with "
                + "write access could have cut off the end of the log. Someone who also has the key could have "
                + "replaced the whole log.");
        }

        if (!hasKeys)
            limits.Add("The key was found beside the records, so records that were forged with another key would look "
                + "the same. Use --key FILE to name the key that you trust.");
        return limits;
    }

    /// <summary>Joins adjacent parts with the same state and reason.</summary>
    private static List<VerifiedPart> Joined(List<VerifiedPart> parts)
    {
        var joined = new List<VerifiedPart>();
        foreach (var part in parts)
        {
            if (joined.Count > 0 && joined[^1] is var last && part.State != "broken" && last.State == part.State
                && last.Says == part.Says)
            {
                joined[^1] = last with { To = part.To, Records = last.Records + part.Records };
            }
            else
                joined.Add(part);
        }

        return joined;
    }
}
