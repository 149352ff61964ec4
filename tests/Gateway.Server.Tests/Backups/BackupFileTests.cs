using System.Buffers.Binary;
using System.Security.Cryptography;
using Gateway.Control.Documents;
using Gateway.Hosting.Backups;
using Gateway.Storage.Local.Files;

namespace Gateway.Server.Tests.Backups;

/// <summary>The file of a backup: damage of every kind is found, and what runs meanwhile is copied as of one moment.
/// </summary>
public sealed class BackupFileTests : IDisposable
{
    private static readonly BackupSecret Secret = new(new byte[32], IsPassphrase: false);
    private static readonly DateTimeOffset Now = new(2031, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly TestFolder _folder = new("gateway-backup-");

    private string Path => System.IO.Path.Combine(_folder.Path, "file.backup");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_changed_moved_repeated_missing_or_added_chunk_is_found()
    {
        Write(Secret, RandomNumberGenerator.GetBytes((3 * BackupCipher.ChunkBytes) + 5));
        var whole = File.ReadAllBytes(Path);
        var chunks = Chunks(whole);
        Assert.InRange(chunks.Count, 4, int.MaxValue);
        byte[] head = whole[..BackupCipher.HeaderBytes];
        byte[] flipped = [.. whole];
        flipped[whole.Length / 2] ^= 1;
        byte[] salted = [.. whole];
        salted[20] ^= 1;

        Assert.Equal(["control/x/a.json"], Read().Entries.Keys);
        Fails(flipped, "is damaged: chunk");
        Fails(salted, "is not the passphrase or key that the backup was encrypted with");
        Fails(
            [.. head, .. chunks[0], .. chunks[2], .. chunks[1], .. chunks.Skip(3).SelectMany(static one => one)],
            "chunk 1");
        Fails([.. head, .. chunks[0], .. chunks[0], .. chunks.Skip(1).SelectMany(static one => one)], "chunk 1");
        Fails([.. head, .. chunks.SkipLast(1).SelectMany(static one => one)], "is incomplete");
        Fails(whole[..^1], "is incomplete");
        Fails([.. whole, 0], "bytes follow its last chunk");
        // The last mark set on a chunk that is not the last one.
        byte[] ended = [.. head, .. chunks[0]];
        ended[BackupCipher.HeaderBytes + 3] |= 0x80;
        Fails(ended, "is not the passphrase or key that the backup was encrypted with");
    }

    [Fact]
    public void Damage_of_an_unencrypted_backup_is_found_by_its_checksums()
    {
        Write(null, RandomNumberGenerator.GetBytes(10_000));
        var whole = File.ReadAllBytes(Path);

        Assert.Single(Read().Entries);
        for (var at = 600; at < whole.Length - 8; at += 997)
        {
            byte[] flipped = [.. whole];
            flipped[at] ^= 1;
            Fails(flipped, "");
        }

        Fails(whole[..(whole.Length / 2)], "");
    }

    [Fact]
    public void Another_format_and_another_file_are_refused_with_a_reason()
    {
        Write(Secret, [1]);
        var newer = File.ReadAllBytes(Path);
        newer[8] = 2;

        Fails(newer, "has format 2, and this gateway reads format 1: a newer gateway made it");
        File.WriteAllText(Path, "not a backup");
        Assert.Contains(
            "is not a backup", Assert.Throws<BackupException>(() => BackupReader.NeedsPassphrase(Path)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("control/../../etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("limits/journal")]
    [InlineData("control")]
    public void An_entry_that_would_leave_its_folder_is_refused(string name)
    {
        using (var writer = new BackupWriter(Path, Secret, Head))
        {
            writer.Add(name, [1], Now);
            writer.Complete(1, new Dictionary<string, string>());
        }

        var failure = Assert.Throws<BackupException>(
            () => BackupReader.Read(Path, Secret, System.IO.Path.Combine(_folder.Path, "out")));
        Assert.Contains("it has an entry", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_copy_under_changes_is_of_one_revision()
    {
        var data = System.IO.Path.Combine(_folder.Path, "data");
        Directory.CreateDirectory(data);
        using var store = FileControlStore.Open(System.IO.Path.Combine(data, "control"), TimeProvider.System);
        using var stop = new CancellationTokenSource();
        var changing = Task.Run(() => ChangeAsync(store, stop.Token));
        var revision = System.IO.Path.Combine(data, "control", "revision");
        await Soon.UntilAsync(() => File.Exists(revision), "changes are made");

        for (var copy = 0; copy < 5; copy++)
        {
            var path = $"{Path}.{copy}";
            var output = $"{path}.out";
            using (var writer = new BackupWriter(path, Secret, Head))
            {
                writer.Complete(
                    BackupSource.CopyFiles(data, writer, TimeProvider.System, CancellationToken.None),
                    new Dictionary<string, string>());
            }

            var manifest = BackupReader.Read(path, Secret, output);
            var snapshot = FileControlStore.Peek(System.IO.Path.Combine(output, "control"));
            // First, second and gone change in turn: each state has one of few shapes.
            var (first, second) = (Number(snapshot, "first"), Number(snapshot, "second"));
            var isGone = snapshot.Find(new ControlKey("policies", $"gone-{first}")) is null;
            Assert.True(
                first == second || (first == second + 1 && isGone), $"first {first}, second {second}, gone {isGone}");
            Assert.True(manifest.Revision >= snapshot.Revision);
            Assert.Equal(isGone ? 2 : 3, snapshot.Count);
        }

        await stop.CancelAsync();
        await changing;
    }

    private static async Task ChangeAsync(FileControlStore store, CancellationToken stop)
    {
        var (first, second) = (new ControlKey("policies", "first"), new ControlKey("policies", "second"));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        var (firstAt, secondAt) = (0L, 0L);
        for (var number = 1; !stop.IsCancellationRequested; number++)
        {
            firstAt = (await store.WriteAsync(first, firstAt, Bytes(number), default)).Version;
            secondAt = (await store.WriteAsync(second, secondAt, Bytes(number), default)).Version;
            var gone = new ControlKey("policies", $"gone-{number}");
            var version = (await store.WriteAsync(gone, 0, Bytes(number), default)).Version;
            await store.DeleteAsync(gone, version, default);
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private static byte[] Bytes(int number) => Encoding.ASCII.GetBytes($"{number}");

    private static int Number(ControlSnapshot snapshot, string name) => int.Parse(
        Encoding.ASCII.GetString(snapshot.Find(new ControlKey("policies", name))!.Content.Span),
        CultureInfo.InvariantCulture);

    private static BackupHead Head => new(BackupCipher.Format, "test", Now, "here");

    private void Write(BackupSecret? secret, byte[] content)
    {
        using var writer = new BackupWriter(Path, secret, Head);
        writer.Add("control/x/a.json", content, Now);
        writer.Complete(1, new Dictionary<string, string>());
    }

    private BackupManifest Read() => BackupReader.Read(Path, Secret, to: null);

    private void Fails(byte[] bytes, string why)
    {
        File.WriteAllBytes(Path, bytes);
        Assert.Contains(why, Assert.Throws<BackupException>(Read).Message, StringComparison.Ordinal);
    }

    private static List<byte[]> Chunks(byte[] file)
    {
        var chunks = new List<byte[]>();
        for (var at = BackupCipher.HeaderBytes; at < file.Length;)
        {
            var length = (int)(BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at)) & int.MaxValue);
            var end = at + sizeof(uint) + length + BackupCipher.TagBytes;
            chunks.Add(file[at..end]);
            at = end;
        }

        return chunks;
    }
}
