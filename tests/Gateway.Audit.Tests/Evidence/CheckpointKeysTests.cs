using System.Security.Cryptography;
using Gateway.Audit.Evidence;

namespace Gateway.Audit.Tests.Evidence;

public sealed class CheckpointKeysTests : IDisposable
{
    private readonly TestFolder _folder = new();

    [Fact]
    public void Signs_as_a_signed_note_has_it()
    {
        using var keys = CheckpointKeys.Open(_folder.Path + "/key.pem", isMade: true);
        var checkpoint = Of(5);

        var note = keys.Sign(checkpoint);

        var lines = note.Split('\n');
        Assert.Equal(("policy-gateway/audit/chain", "5", checkpoint.Head.Root), (lines[0], lines[1], lines[2]));
        Assert.Equal(("", ""), (lines[^3], lines[^1]));
        var signature = Convert.FromBase64String(lines[^2].Split(' ')[2]);
        Assert.Equal($"— policy-gateway/audit/chain {Convert.ToBase64String(signature)}", lines[^2]);
        var spki = Convert.FromBase64String(keys.Public.Single());
        Assert.Equal(SHA256.HashData(spki)[..4], signature[..4]);
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(spki, out _);
        Assert.True(key.VerifyData(Encoding.UTF8.GetBytes(CheckpointKeys.TextOf(note)), signature.AsSpan(4),
            HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        Assert.Equal(checkpoint.Text(), Checkpoint.Parse(CheckpointKeys.TextOf(note))!.Text());
    }

    [Fact]
    public void Knows_who_did_not_sign()
    {
        using var keys = CheckpointKeys.Open(_folder.Path + "/key.pem", isMade: true);
        using var others = CheckpointKeys.Open(_folder.Path + "/other.pem", isMade: true);
        var note = keys.Sign(Of(5));

        Assert.Equal(keys.Public, CheckpointKeys.Signers(note, [.. others.Public, .. keys.Public]));
        Assert.Empty(CheckpointKeys.Signers(note.Replace("\n5\n", "\n6\n", StringComparison.Ordinal), keys.Public));
        Assert.Empty(CheckpointKeys.Signers("no note", ["no key", .. keys.Public]));
    }

    [Fact]
    public void The_key_that_it_makes_is_its_owners_alone_and_stays()
    {
        using var made = CheckpointKeys.Open(_folder.Path + "/key.pem", isMade: true);
        using var read = CheckpointKeys.Open(_folder.Path + "/key.pem", isMade: true);

        Assert.Equal(made.Public, read.Public);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite,
                File.GetUnixFileMode(_folder.Path + "/key.pem"));
        }
    }

    [Fact]
    public void Says_what_a_key_file_has_to_hold()
    {
        using var large = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        File.WriteAllText(_folder.Path + "/large.pem", large.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(_folder.Path + "/empty.pem", "");

        foreach (var (name, why) in new[] { ("large", "curve P-256"), ("empty", "0 private keys"), ("none", "find") })
        {
            var e = Assert.Throws<IOException>(() => CheckpointKeys.Open($"{_folder.Path}/{name}.pem", isMade: false));
            Assert.Contains(why, e.Message, StringComparison.Ordinal);
            Assert.Contains("openssl genpkey", e.Message, StringComparison.Ordinal);
        }
    }

    public void Dispose() => _folder.Dispose();

    private static Checkpoint Of(long size) => new()
    {
        Head = new TreeHead("chain", size, Convert.ToBase64String(new byte[32])),
        Writer = "writer",
        Time = DateTimeOffset.UnixEpoch,
        Why = "interval",
        From = new LogPlace(1, 0),
        To = new LogPlace(2, 345),
        Adopted = 2,
        Previous = new TreeHead("before", 7, Convert.ToBase64String(new byte[32])),
        Witnessed = [new TreeHead("other", 9, Convert.ToBase64String(new byte[32]))],
    };
}
