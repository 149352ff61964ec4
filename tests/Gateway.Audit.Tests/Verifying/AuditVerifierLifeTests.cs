using Gateway.Audit.Evidence;
using Gateway.Audit.Files;
using Gateway.Audit.Verifying;

namespace Gateway.Audit.Tests.Verifying;

/// <summary>What happens to a log in its life: kills, backups, retention, new keys, older versions.</summary>
public sealed class AuditVerifierLifeTests : IDisposable
{
    private readonly WrittenLog _log = new();

    [Fact]
    public void Says_that_what_a_killed_process_left_is_proved_since_the_next_start_only()
    {
        using var killed = _log.Write(8, isKilled: false).Copy();
        // As if it had been killed before it said goodbye: one checkpoint, after six, is all there is.
        var evidence = killed.Directory + "/evidence/00000001.jsonl";
        File.WriteAllLines(evidence, File.ReadAllLines(evidence).Take(2));
        var covered = AuditVerifier.ReadOutside("", File.ReadAllText(evidence))[^1].Head.Size;

        killed.Write(40);

        var report = killed.Unpack().Verify();
        Assert.Equal(("sound", 48L), (report.Result, report.Proved));
        Assert.Contains(report.Parts, part => part.State == "unproved"
            && part.Says.StartsWith($"the next {8 - covered} records", StringComparison.Ordinal));
        killed.Change(1, static lines => lines[7] = lines[7].Replace('x', 'y'));
        Assert.Equal("broken", killed.Verify().Result);
    }

    [Fact]
    public void A_process_that_is_killed_before_its_first_interval_leaves_records_that_the_next_takes_over()
    {
        using var killed = _log.Write(3, isKilled: true);
        Assert.Equal("nothing_to_compare", killed.Verify().Result);

        killed.Write(1);

        Assert.Equal(("sound", 4L), (killed.Verify().Result, killed.Verify().Proved));
    }

    [Fact]
    public void Goes_on_after_a_kill_between_the_next_file_and_the_checkpoint_of_the_one_before()
    {
        using var killed = _log.Write(26).Copy();
        // The second file has its first records, and nothing was signed since the middle of the first.
        File.Delete(killed.Directory + "/evidence/00000002.jsonl");
        var evidence = killed.Directory + "/evidence/00000001.jsonl";
        File.WriteAllLines(evidence, File.ReadAllLines(evidence).Take(3));

        killed.Write(30);

        var report = killed.Unpack().Verify();
        Assert.Equal(("sound", 56L), (report.Result, report.Proved));
        killed.Change(1, static lines => lines.RemoveAt(19));
        Assert.Equal("broken", killed.Verify().Result);
    }

    [Fact]
    public void Is_sound_after_a_checkpoint_was_half_written()
    {
        using var killed = _log.Write(20).Copy();
        File.AppendAllText(killed.Directory + "/evidence/00000001.jsonl", "{\"note\":\"policy-gat");

        killed.Write(10);

        var report = killed.Verify();
        Assert.Equal(("sound", 30L), (report.Result, report.Proved));
        Assert.Contains(
            report.Parts, static part => part.Says.Contains("a line is not a checkpoint", StringComparison.Ordinal));
    }

    [Fact]
    public void Proves_what_is_left_after_the_oldest_files_are_gone()
    {
        using var log = _log.Write(100).Unpack();
        File.Delete(log.PathOf(1));
        File.Delete(log.PathOf(2));
        EvidenceFolder.Trim(log.Directory, 3);

        var report = log.Verify(log.Keep());

        Assert.Equal(("sound", 60L), (report.Result, report.Proved));
        Assert.Contains("no longer here", report.Parts[0].Says, StringComparison.Ordinal);
        Assert.Equal("proved", Assert.Single(report.Outside).State);
        Assert.False(File.Exists(log.Directory + "/evidence/00000001.jsonl"));
        Assert.Equal(2, File.ReadAllLines(log.Directory + "/evidence/trimmed.jsonl").Length);
        log.Change(3, static lines => lines.RemoveAt(0));
        Assert.Equal("broken", log.Verify().Result);
    }

    [Fact]
    public async Task Retention_keeps_the_roots_of_what_it_deletes()
    {
        var retention = new AuditRetention { Age = TimeSpan.FromDays(1), BytesMax = 64 << 20 };
        using var log = _log.Write(100);
        foreach (var path in Directory.GetFiles(log.Directory, "audit-*").Order().Take(2))
            File.SetLastWriteTimeUtc(path, new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        foreach (var path in Directory.GetFiles(log.Directory, "audit-*").Order().Skip(2))
            File.SetLastWriteTimeUtc(path, new DateTime(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc));

        await log.TendAsync(retention, () => AuditArchive.Files(log.Directory).All(static file => file.Number > 2)
            && File.Exists(log.Directory + "/evidence/trimmed.jsonl"));

        var report = log.Verify();
        Assert.Equal("sound", report.Result);
        Assert.Equal("unproved", report.Parts[0].State);
        Assert.Equal(3, report.Parts.First(static part => part.State == "proved").From.File);
    }

    [Fact]
    public void An_older_backup_is_sound_by_itself_and_broken_by_a_checkpoint_from_after_it()
    {
        using var backup = _log.Write(30).Copy();
        var before = _log.Keep();
        var after = _log.Write(10).Keep();

        backup.Write(5);

        Assert.Equal(("sound", 35L), (backup.Unpack().Verify(before).Result, backup.Verify(before).Proved));
        var report = backup.Verify(after);
        Assert.Equal("broken", report.Result);
        Assert.Contains("an older copy was restored", Assert.Single(report.Outside).Says, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cut_end_is_found_by_a_checkpoint_from_elsewhere_only()
    {
        using var log = _log.Write(30).Unpack();
        var kept = log.Keep();
        var evidence = log.Directory + "/evidence/00000002.jsonl";
        File.WriteAllLines(evidence, File.ReadAllLines(evidence).Take(1));
        var size = AuditVerifier.ReadOutside("", File.ReadAllText(evidence))[0].Head.Size;

        log.Change(2, lines => lines.RemoveRange((int)size - 20, lines.Count - ((int)size - 20)));

        Assert.Equal("sound", log.Verify().Result);
        Assert.Equal("broken", log.Verify(kept).Result);
    }

    [Fact]
    public void Records_of_a_version_without_checkpoints_are_unproved_and_said_so()
    {
        using var log = _log.Write(15, hasEvidence: false);
        Assert.Equal("nothing_to_compare", log.Verify().Result);

        using var killed = log.Write(10).Copy();
        // As if it had been killed: its last checkpoint is not the one that closes the log.
        var evidence = killed.Directory + "/evidence/00000002.jsonl";
        File.WriteAllLines(evidence, File.ReadAllLines(evidence)[..^1]);
        var covered = AuditVerifier.ReadOutside("", string.Concat(
            new[] { evidence.Replace("02.", "01.", StringComparison.Ordinal), evidence }.Select(File.ReadAllText)))[^1]
            .Head.Size;
        killed.Write(6, hasEvidence: false).Write(4, adoptedBytesMax: 0);

        var report = killed.Unpack().Verify();
        Assert.Equal(("sound", covered + 4), (report.Result, report.Proved));
        Assert.Equal(
            [("unproved", 15L), ("proved", covered), ("unproved", 16 - covered), ("proved", 4L)],
            report.Parts.Select(static part => (part.State, part.Records!.Value)));
        Assert.Equal("written before there were checkpoints", report.Parts[0].Says);
    }

    [Fact]
    public void A_new_key_is_trusted_where_the_old_one_signed_beside_it()
    {
        var (old, next) = (Key("old"), Key("new"));
        var both = Path.Combine(Path.GetDirectoryName(_log.Directory)!, "both.pem");
        File.WriteAllText(both, File.ReadAllText(next) + File.ReadAllText(old));

        using var log = _log.Write(10, key: old).Write(10, key: both).Write(10, key: next);

        Assert.Equal(("sound", 30L), (log.Verify().Result, log.Verify().Proved));
        Assert.Equal("sound", log.Verify(keys: CheckpointKeys.ReadPublic(File.ReadAllText(old))).Result);
        Assert.Equal(2, log.Verify().Keys.Count);
    }

    [Fact]
    public void A_key_that_nobody_vouches_for_breaks_the_chain_until_it_is_named()
    {
        var (old, next) = (Key("old"), Key("new"));

        using var log = _log.Write(10, key: old).Write(10, key: next);

        Assert.Equal("broken", log.Verify().Result);
        string[] both = [.. new[] { old, next }.SelectMany(path => CheckpointKeys.ReadPublic(File.ReadAllText(path)))];
        Assert.Equal("sound", log.Verify(keys: both).Result);
    }

    [Fact]
    public void Recreated_evidence_is_detected_by_the_key_or_an_external_checkpoint()
    {
        using var log = _log.Write(30).Unpack();
        var kept = log.Keep();
        var key = CheckpointKeys.ReadPublic(File.ReadAllText(log.Directory + "/evidence/key.pem"));
        using var forged = new WrittenLog();
        forged.Write(29);
        Directory.Delete(log.Directory, recursive: true);
        Directory.Move(forged.Directory, log.Directory);

        Assert.Equal("sound", log.Verify().Result);
        Assert.Equal("broken", log.Verify(keys: key).Result);
        Assert.Equal("broken", log.Verify(kept).Result);
    }

    public void Dispose() => _log.Dispose();

    private string Key(string name)
    {
        var path = Path.Combine(Path.GetDirectoryName(_log.Directory)!, name + ".pem");
        using var key = System.Security.Cryptography.ECDsa.Create(
            System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        File.WriteAllText(path, key.ExportPkcs8PrivateKeyPem() + "\n");
        return path;
    }
}
