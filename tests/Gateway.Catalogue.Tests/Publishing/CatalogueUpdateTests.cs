using System.Security.Cryptography;
using Gateway.Catalogue.Classifying;
using Gateway.Catalogue.Indexing;
using Gateway.Catalogue.Publishing;
using Gateway.Control.Network;
using Microsoft.AspNetCore.Http;

namespace Gateway.Catalogue.Tests.Publishing;

/// <summary>A published catalogue takes the place of the index only if it is whole, signed and not older.</summary>
public sealed class CatalogueUpdateTests : IDisposable
{
    private static readonly DateTimeOffset Later = new(2099, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly TestFolder _folder = new("gateway-update-");
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private string Index => PublicCatalogue.PathIn(_folder.Path);

    public void Dispose()
    {
        _key.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Downloads_verifies_and_replaces_the_index()
    {
        var (content, signature) = Signed("acme", Later);
        await using var server = await ServeAsync(content, signature);

        var report = await UpdateAsync($"{server.Url}catalogue");

        Assert.Equal((Later, 1, 1, content.Length), (report.MadeAt, report.Servers, report.Tools, report.Bytes));
        Assert.Equal(new FileInfo(Index).Length, report.IndexBytes);
        Assert.Equal("acme", PublicCatalogue.Open(Index, out _)!.Search(new SearchQuestion("refund")).Tools[0].Server);
        Assert.Equal([Index], Directory.GetFiles(Path.GetDirectoryName(Index)!));
    }

    [Fact]
    public async Task Follows_redirects_and_reads_files()
    {
        var (content, signature) = Signed("acme", Later);
        await using var server = await ServeAsync(content, signature);
        var file = Path.Combine(_folder.Path, "own.catalogue");
        await File.WriteAllBytesAsync(file, content);
        await File.WriteAllBytesAsync(file + ".sig", signature);

        Assert.Equal(1, (await UpdateAsync($"{server.Url}moved?to=catalogue")).Servers);
        Assert.Equal(1, (await UpdateAsync(file)).Servers);
        Assert.Contains("redirects more than 5", await ProblemAsync($"{server.Url}endless"), StringComparison.Ordinal);
        Assert.Contains("not an https address",
            await ProblemAsync($"{server.Url}moved?to=http://192.0.2.1/x"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://catalogue.example.com/x", "not an https address")]
    [InlineData("ftp://127.0.0.1/x", "not an https address")]
    [InlineData("https://169.254.169.254/x", "--from FILE")]
    [InlineData("http://127.0.0.1:1/x", "--from FILE")]
    [InlineData("missing.catalogue", "cannot be read")]
    public async Task Refuses_an_address_that_may_not_or_cannot_be_read(string from, string problem)
    {
        var message = await ProblemAsync(from);

        Assert.Contains(problem, message, StringComparison.Ordinal);
        Assert.Contains("The previous index stays.", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keeps_the_index_if_the_content_was_changed_cut_off_or_signed_by_another_key()
    {
        var (content, signature) = Signed("acme", Later);
        await using (var server = await ServeAsync(content, signature))
            await UpdateAsync($"{server.Url}catalogue");
        var before = await File.ReadAllBytesAsync(Index);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] changed = [.. content];
        changed[^3] ^= 1;
        (byte[] Content, byte[] Signature)[] wrong =
        [
            (changed, signature), (content[..^1], signature), ([], signature), (content, []), (content, content[..64]),
            (content, signature[..^1]), (content, Sign(other, content)),
        ];

        foreach (var one in wrong)
        {
            await using var server = await ServeAsync(one.Content, one.Signature);
            Assert.Contains("not signed by the expected key", await ProblemAsync($"{server.Url}catalogue"),
                StringComparison.Ordinal);
        }

        await using (var server = await ServeAsync(content, signature))
        {
            Assert.Contains("responded with 404", await ProblemAsync($"{server.Url}absent"), StringComparison.Ordinal);
            Assert.Contains("not an ECDSA public key", await ProblemAsync($"{server.Url}catalogue", "no key"),
                StringComparison.Ordinal);
            using var longer = ECDsa.Create(ECCurve.NamedCurves.nistP384);
            Assert.Contains("P-256", await ProblemAsync(
                $"{server.Url}catalogue", longer.ExportSubjectPublicKeyInfoPem()), StringComparison.Ordinal);
        }

        Assert.Equal(before, await File.ReadAllBytesAsync(Index));
    }

    [Fact]
    public async Task Refuses_content_that_is_signed_but_is_not_a_catalogue_or_too_large()
    {
        var text = "no catalogue"u8.ToArray();
        await using var server = await ServeAsync(text, Sign(_key, text));
        await using var large = await ServeAsync(new byte[PublishedCatalogue.BytesMax + 1], [1]);

        Assert.Contains("cannot be decompressed", await ProblemAsync($"{server.Url}catalogue"),
            StringComparison.Ordinal);
        Assert.Contains($"more than {PublishedCatalogue.BytesMax} bytes", await ProblemAsync($"{large.Url}catalogue"),
            StringComparison.Ordinal);
        Assert.False(File.Exists(Index));
    }

    [Fact]
    public async Task Refuses_an_older_catalogue_unless_it_is_forced()
    {
        var (content, signature) = Signed("old", DateTimeOffset.UnixEpoch);
        await using var server = await ServeAsync(content, signature);

        Assert.Contains("--force", await ProblemAsync($"{server.Url}catalogue"), StringComparison.Ordinal);
        Assert.False(File.Exists(Index));
        await UpdateAsync($"{server.Url}catalogue", force: true);

        // The catalogue in the program is later, but the operator chose this one.
        Assert.Equal(1, PublicCatalogue.Open(Index, out _)!.Servers);
    }

    [Fact]
    public async Task A_later_catalogue_in_the_program_replaces_an_older_update()
    {
        var (content, _) = Signed("old", DateTimeOffset.UnixEpoch);
        Directory.CreateDirectory(Path.GetDirectoryName(Index)!);
        await using (var file = File.Create(Index))
            PublishedCatalogue.Build(new MemoryStream(content), file);

        Assert.Same(PublicCatalogue.Shipped, PublicCatalogue.Open(Index, out var problem));
        Assert.Null(problem);
    }

    [Fact]
    public async Task Refuses_a_catalogue_that_is_older_than_the_last_update()
    {
        var next = Later.AddDays(1);
        foreach (var (madeAt, isRefused) in new[] { (next, false), (Later, true), (next, false) })
        {
            var (content, signature) = Signed("acme", madeAt);
            await using var server = await ServeAsync(content, signature);
            if (isRefused)
                Assert.Contains("the current one is "
                    + "newer", await ProblemAsync($"{server.Url}catalogue"), StringComparison.Ordinal);
            else
                await UpdateAsync($"{server.Url}catalogue");
        }
    }

    [Fact]
    public async Task An_update_that_is_canceled_or_runs_beside_another_changes_nothing()
    {
        var (content, signature) = Signed("acme", Later);
        using var end = new CancellationTokenSource();
        await using var slow = await LoopbackServer.StartAsync(async http =>
        {
            await http.Response.StartAsync();
            await end.CancelAsync();
            await new TaskCompletionSource().Task.WaitAsync(http.RequestAborted);
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new CatalogueUpdate(OutboundConnector.Default)
            .RunAsync($"{slow.Url}catalogue", Key, Index, false, end.Token));
        await using var server = await ServeAsync(content, signature);
        Directory.CreateDirectory(Path.GetDirectoryName(Index)!);
        await using (File.Create(Index + ".new"))
        {
            Assert.Contains("cannot be written", await ProblemAsync($"{server.Url}catalogue"),
                StringComparison.Ordinal);
        }

        Assert.True(File.Exists(Index + ".new"));
        Assert.False(File.Exists(Index));
    }

    [VolumeFact]
    public async Task A_full_disk_keeps_the_index_and_says_what_to_do()
    {
        using var volume = SmallVolume.Mount(Path.Combine(_folder.Path, "data"), 1 << 20);
        var path = PublicCatalogue.PathIn(volume.Path);
        var (first, signature) = Signed("acme", Later);
        await using (var server = await ServeAsync(first, signature))
            await Update.RunAsync($"{server.Url}catalogue", Key, path, false, default);
        volume.Fill();
        using var packed = PublishedCatalogue.OpenShipped()!;
        var content = new byte[packed.Length];
        await packed.ReadExactlyAsync(content);
        await using var all = await ServeAsync(content, Sign(_key, content));

        var e = await Assert.ThrowsAsync<IndexException>(
            () => Update.RunAsync($"{all.Url}catalogue", Key, path, true, default));

        Assert.Contains("Free space", e.Message, StringComparison.Ordinal);
        Assert.Equal(1, PublicCatalogue.Open(path, out _)!.Servers);
        Assert.False(File.Exists(path + ".new"));
    }

    private static CatalogueUpdate Update { get; } = new(OutboundConnector.Default);

    private string Key => _key.ExportSubjectPublicKeyInfoPem();

    private Task<UpdateReport> UpdateAsync(string from, bool force = false) =>
        Update.RunAsync(from, Key, Index, force, default);

    private async Task<string> ProblemAsync(string from, string? key = null) =>
        (await Assert.ThrowsAsync<IndexException>(
            () => Update.RunAsync(from, key ?? Key, Index, false, default))).Message;

    private (byte[] Content, byte[] Signature) Signed(string server, DateTimeOffset madeAt)
    {
        using var stream = new MemoryStream();
        PublishedCatalogue.Write(
            stream, new PublishedHead(PublishedCatalogue.Format, PublishedCatalogue.Version, madeAt, "5", 1, 1, 1),
            [
                new PublishedServer(server,
                    [new PublishedTool("refund", ToolCategory.Financial, RiskLevel.Critical, 1, [], "approve")]),
            ]);
        return (stream.ToArray(), Sign(_key, stream.ToArray()));
    }

    private static byte[] Sign(ECDsa key, byte[] content) =>
        key.SignData(content, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    private static Task<LoopbackServer> ServeAsync(byte[] content, byte[] signature) =>
        LoopbackServer.StartAsync(async http =>
        {
            switch (http.Request.Path.Value)
            {
                case "/catalogue":
                    await http.Response.Body.WriteAsync(content);
                    break;
                case "/catalogue.sig":
                    await http.Response.Body.WriteAsync(signature);
                    break;
                case "/moved":
                    // The ending of the signature's address is behind the query.
                    http.Response.Redirect((string)http.Request.Query["to"]!);
                    break;
                case "/endless":
                    http.Response.Redirect("/endless");
                    break;
                default:
                    http.Response.StatusCode = StatusCodes.Status404NotFound;
                    break;
            }
        });
}
