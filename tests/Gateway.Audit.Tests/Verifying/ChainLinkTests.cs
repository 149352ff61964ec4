using Gateway.Audit.Evidence;

namespace Gateway.Audit.Tests.Verifying;

/// <summary>Attacks on whole chains, and on a log whose gateway does not run.</summary>
public sealed class ChainLinkTests : IDisposable
{
    private readonly WrittenLog _log = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_chain_that_was_removed_with_its_records_is_reported(int removed)
    {
        // Three starts, each a chain in one file of its own.
        using var log = _log.Write(20).Write(20).Write(20).Unpack();
        var kept = log.Keep();

        File.Delete(log.PathOf(removed));
        File.Delete($"{log.Directory}/evidence/{removed:D8}.jsonl");

        var (alone, compared) = (log.Verify(), log.Verify(kept));
        // The end can only be missed by somebody who has seen it.
        Assert.Equal(removed == 3 ? "sound" : "broken", alone.Result);
        Assert.Equal("broken", compared.Result);
        if (removed == 1)
            Assert.Contains(alone.Parts, static part => part.Says.Contains("missing", StringComparison.Ordinal));
        Assert.Equal(40, alone.Proved);
    }

    [Fact]
    public void Records_that_were_added_after_a_stop_are_reported_and_the_next_start_does_not_sign_them()
    {
        using var log = _log.Write(10).Unpack();
        log.Change(1, static lines => lines.AddRange(lines[..2]));

        var before = log.Verify();
        log.Write(8);
        var after = log.Verify();

        foreach (var report in new[] { before, after })
        {
            Assert.Equal("broken", report.Result);
            Assert.Contains(report.Parts, static part => part is { State: "broken", Records: 2 }
                && part.Says.StartsWith("2 records were added after the log was closed", StringComparison.Ordinal));
        }

        Assert.Equal((10, 18), (before.Proved, after.Proved));
    }

    [Fact]
    public void Records_in_a_file_that_was_added_after_a_stop_are_reported()
    {
        using var log = _log.Write(20).Unpack();
        File.WriteAllLines(log.PathOf(2), log.Lines(1)[..3]);

        Assert.Equal("broken", log.Verify().Result);

        log.Write(5);
        Assert.Equal(("broken", 25L), (log.Verify().Result, log.Verify().Proved));
    }

    [Fact]
    public void A_checkpoint_from_elsewhere_proves_earlier_chains_also_against_somebody_who_has_the_key()
    {
        using var log = _log.Write(20).Write(20).Unpack();
        var kept = log.Keep();
        var path = log.Directory + "/evidence/key.pem";
        using var forged = new WrittenLog();
        Directory.CreateDirectory(forged.Directory + "/evidence");
        File.Copy(path, forged.Directory + "/evidence/key.pem");
        forged.Write(19).Unpack();
        // Other first records, signed with the right key, and the second chain signed again to follow them.
        File.Copy(forged.PathOf(1), log.PathOf(1), overwrite: true);
        File.Copy(forged.Directory + "/evidence/00000001.jsonl", log.Directory + "/evidence/00000001.jsonl", true);
        using var keys = CheckpointKeys.Open(path, isMade: false);
        var last = EvidenceFolder.Parse(File.ReadAllLines(log.Directory + "/evidence/00000001.jsonl")[^1])!;
        var second = log.Directory + "/evidence/00000002.jsonl";
        File.WriteAllLines(second, File.ReadAllLines(second).Select(line =>
        {
            var signed = EvidenceFolder.Parse(line)!;
            var checkpoint = signed.Checkpoint! with
            {
                Previous = last.Checkpoint!.Head,
                Link = last.TextHash(),
                Writer = last.Checkpoint.Writer,
            };
            return Line(signed with { Note = keys.Sign(checkpoint) });
        }).ToList());

        Assert.Equal(("sound", 39L), (log.Verify().Result, log.Verify().Proved));
        var report = log.Verify(kept);

        Assert.Equal("broken", report.Result);
        Assert.Contains("the chains before", Assert.Single(report.Outside).Says, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_logs_whose_directories_were_swapped_are_found_by_a_kept_checkpoint()
    {
        using var other = new WrittenLog();
        other.Write(30);
        var kept = _log.Write(30).Keep();

        var report = other.Verify(kept);

        Assert.Equal("broken", report.Result);
        Assert.Contains("another gateway's log", Assert.Single(report.Outside).Says, StringComparison.Ordinal);
    }

    [Fact]
    public void Says_which_checkpoint_is_the_last_that_proves_records_and_how_many_follow()
    {
        using var log = _log.Write(48, isKilled: true);
        var kept = log.Keep()[0].Head;

        var report = log.Verify();

        Assert.Equal((kept.Chain, kept.Size), (report.Last!.Chain, report.Last.Size));
        Assert.Equal((48 - kept.Size, 3), (report.Later, report.Last.At.File));
    }

    [Fact]
    public void A_missing_first_chain_is_reported_unless_retention_reached_its_bound()
    {
        using var log = _log.Write(20).Write(20).Unpack();
        File.Delete(log.PathOf(1));
        File.Delete(log.Directory + "/evidence/00000001.jsonl");
        var trimmed = log.Directory + "/evidence/trimmed.jsonl";
        var last = EvidenceFolder.Parse(File.ReadAllLines(log.Directory + "/evidence/00000002.jsonl")[^1])!;
        File.WriteAllLines(trimmed, Enumerable.Range(1, 1500).Select(spaces => Line(last) + new string(' ', spaces)));
        Assert.Equal("broken", log.Verify().Result);

        // Retention keeps the newest half of 8 MiB. Without the key, so many different notes cannot be made up.
        using var keys = CheckpointKeys.Open(log.Directory + "/evidence/key.pem", isMade: false);
        File.WriteAllLines(trimmed, Enumerable.Range(1, 40).Select(number => Line(last with
        {
            Note = keys.Sign(last.Checkpoint! with
            {
                Witnessed = [.. Enumerable.Repeat(last.Checkpoint.Head with { Size = number }, 400)],
            }),
        })));

        var report = log.Verify();
        Assert.Equal(("sound", 20L), (report.Result, report.Proved));
        Assert.Contains(
            report.Parts, static part => part.Says.Contains("retention keeps only the "
                + "latest", StringComparison.Ordinal));
    }

    public void Dispose() => _log.Dispose();

    private static string Line(SignedCheckpoint signed) =>
        JsonSerializer.Serialize(signed, EvidenceJson.Default.SignedCheckpoint);
}
