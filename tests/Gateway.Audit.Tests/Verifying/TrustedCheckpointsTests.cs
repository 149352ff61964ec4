using System.Security.Cryptography;
using Gateway.Audit.Evidence;

namespace Gateway.Audit.Tests.Verifying;

/// <summary>Attacks on the signatures by someone who can write the folder but has no trusted private key.</summary>
public sealed class TrustedCheckpointsTests : IDisposable
{
    private readonly TestFolder _keys = new();
    private readonly WrittenLog _log = new();

    [Fact]
    public void A_key_whose_signature_was_appended_to_a_real_checkpoint_is_not_trusted()
    {
        var (path, trusted) = NewKey("trusted");
        using var log = _log.Write(40, key: path).Unpack();
        using var attacker = CheckpointKeys.Open(NewKey("attacker").Path, isMade: false);
        // A real checkpoint gets a second, valid signature; those after it are signed again without the last records.
        Rewrite(log, 1, lines => lines[0] = AlsoSignedBy(attacker, lines[0]));
        File.Delete(log.Directory + "/evidence/00000002.jsonl");
        File.Delete(log.PathOf(2));
        using var forged = new WrittenLog();
        forged.Write(39, key: Path.Combine(_keys.Path, "attacker.pem")).Unpack();
        File.Copy(forged.PathOf(2), log.PathOf(2));
        File.Copy(forged.Directory + "/evidence/00000002.jsonl", log.Directory + "/evidence/00000002.jsonl");

        var report = log.Verify(keys: trusted);

        Assert.Equal("broken", report.Result);
        Assert.Equal([CheckpointKeys.NameOf(trusted[0])], report.Keys);
        Assert.Equal(20, report.Proved);
    }

    [Fact]
    public void A_listed_key_without_a_trusted_signature_is_not_trusted()
    {
        var (path, trusted) = NewKey("trusted");
        using var log = _log.Write(20, key: path).Unpack();
        using var attacker = CheckpointKeys.Open(NewKey("attacker").Path, isMade: false);
        Rewrite(log, 1, lines =>
        {
            var signed = EvidenceFolder.Parse(lines[^1])!;
            var checkpoint = signed.Checkpoint! with { Keys = [.. signed.Keys, .. attacker.Public] };
            lines[^1] = Line(signed with
            {
                Note = attacker.Sign(checkpoint),
                Keys = checkpoint.Keys,
            });
        });

        var report = log.Verify(keys: trusted);

        Assert.Equal("broken", report.Result);
        Assert.DoesNotContain(CheckpointKeys.NameOf(attacker.Public[0]), report.Keys);
    }

    [Fact]
    public void A_rotation_that_the_old_key_signed_is_followed_from_the_old_key_alone()
    {
        var ((old, trusted), (next, _)) = (NewKey("old"), NewKey("new"));
        var both = Path.Combine(_keys.Path, "both.pem");
        File.WriteAllText(both, File.ReadAllText(next) + File.ReadAllText(old));

        using var log = _log.Write(10, key: old).Write(10, key: both).Write(10, key: next);

        Assert.Equal(("sound", 30L), (log.Verify(keys: trusted).Result, log.Verify(keys: trusted).Proved));
    }

    [Fact]
    public void A_rotation_of_an_earlier_release_needs_both_keys_once_one_is_pinned()
    {
        var ((old, trusted), (next, named)) = (NewKey("old"), NewKey("new"));
        using var log = _log.Write(10, key: old);
        // Earlier releases signed with both keys and did not name them in the text.
        using (var pair = CheckpointKeys.Open(next, isMade: false))
            Rewrite(log, 1, lines => lines[^1] = AlsoSignedBy(pair, lines[^1]));
        log.Write(10, key: next);

        Assert.Equal("sound", log.Verify().Result);
        Assert.Equal("broken", log.Verify(keys: trusted).Result);
        Assert.Equal("sound", log.Verify(keys: [.. trusted, .. named]).Result);
    }

    public void Dispose()
    {
        _log.Dispose();
        _keys.Dispose();
    }

    private static string AlsoSignedBy(CheckpointKeys keys, string line)
    {
        var signed = EvidenceFolder.Parse(line)!;
        var added = keys.Sign(signed.Checkpoint!)[CheckpointKeys.TextOf(signed.Note).Length..].TrimStart('\n');
        return Line(signed with { Note = signed.Note + added, Keys = [.. signed.Keys, .. keys.Public] });
    }

    private static string Line(SignedCheckpoint signed) =>
        JsonSerializer.Serialize(signed, EvidenceJson.Default.SignedCheckpoint);

    private static void Rewrite(WrittenLog log, int file, Action<List<string>> change)
    {
        var path = log.Directory + $"/evidence/{file:D8}.jsonl";
        var lines = File.ReadAllLines(path).ToList();
        change(lines);
        File.WriteAllLines(path, lines);
    }

    private (string Path, IReadOnlyList<string> Public) NewKey(string name)
    {
        var path = Path.Combine(_keys.Path, name + ".pem");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(path, key.ExportPkcs8PrivateKeyPem() + "\n");
        return (path, [Convert.ToBase64String(key.ExportSubjectPublicKeyInfo())]);
    }
}
