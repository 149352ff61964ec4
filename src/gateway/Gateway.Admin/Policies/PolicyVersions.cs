using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Admin.Identity.Records;
using Gateway.Admin.Identity.Roles;
using Gateway.Control.Documents;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Policies;

/// <summary>
/// <c>/policies/{name}/versions</c>: the versions of a policy, byte for byte. A version is stored before the next one
/// replaces it, so none is lost, not even one from a release without versions.
/// </summary>
internal sealed class PolicyVersions(IControlStore store, HistoryStore history) : IAdminRoutes
{
    // Besides the active version.
    private const int KeptMax = 10_000;

    public void Map(RouteGroupBuilder api)
    {
        api.MapGet("/policies/{name}/versions", ListAsync).Requires(Permissions.Read)
            .WithSummary("Lists a policy's versions, latest first.").Produces<PageView<PolicyVersionView>>();
        api.MapGet("/policies/{name}/versions/{version}", ShowAsync).Requires(Permissions.Read)
            .WithSummary("Shows a version, byte for byte.").Produces<JsonElement>();
    }

    /// <summary>Stores a version that is about to be replaced or removed.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task KeepAsync(ControlDocument current)
    {
        var name = current.Key.Name;
        await store.Archive.KeepAsync(
            Topic(name), current.Version, current.Content, KeptMax, CancellationToken.None);
        // Numbers stay the same when older versions are deleted.
        var numbers = await NumbersAsync(
            name, await store.Archive.NumbersAsync(Topic(name), CancellationToken.None), CancellationToken.None);
        await store.Archive.KeepAsync(
            NumberTopic(name), current.Version, Encoding.ASCII.GetBytes(Plain(numbers[current.Version])), 1,
            CancellationToken.None);
    }

    /// <summary>Returns the bytes of the version in the path; null if there is none.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public Task<byte[]?> FindAsync(AdminCall call) => FindAsync(call, call.Value("version"));

    /// <summary>Returns the bytes of this version; null if there is none.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task<byte[]?> FindAsync(AdminCall call, string number)
    {
        if (!long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var version))
            return null;
        return Current(call) is { } current && current.Version == version
            ? current.Content.ToArray()
            : (await store.Archive.ReadAsync(Topic(call.Name), [version], call.Aborted)).GetValueOrDefault(version);
    }

    /// <summary>Returns the response for an unknown version.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task<AdminResponse> NotFoundAsync(AdminCall call) => Problems.NotFound(
        "version", call.Value("version"), (await AllAsync(call)).Select(static one => Plain(one.Number)));

    private async Task<AdminResponse> ListAsync(AdminCall call)
    {
        var current = Current(call)?.Version;
        var all = await AllAsync(call);
        var numbers = await NumbersAsync(call.Name, all.Select(static one => one.Number), call.Aborted);
        var page = Pages.Cut(call.Request, all, static one => $"{long.MaxValue - one.Number:D19}");
        var changes = await history.ReadAsync(
            Topic(call.Name), [.. page.Items.Select(static one => one.Number)], call.Aborted);
        var views = page.Items.Select(one =>
        {
            var made = changes.GetValueOrDefault(one.Number);
            return new PolicyVersionView(
                one.Number, one.Sha256, one.Bytes, one.Number == current, made?.Time, made?.By, made?.Action,
                made?.Reason)
            {
                Number = numbers[one.Number],
            };
        });
        return AdminResponse.Ok(
            new PageView<PolicyVersionView>([.. views], page.Next), PolicyJson.Default.PageViewPolicyVersionView);
    }

    private async Task<AdminResponse> ShowAsync(AdminCall call) => await FindAsync(call) is { } content
        ? new AdminResponse(200, content)
        : await NotFoundAsync(call);

    private async Task<List<ArchiveEntry>> AllAsync(AdminCall call)
    {
        var all = (await store.Archive.ListAsync(Topic(call.Name), call.Aborted)).ToList();
        // The active version may be stored already, if the change that was to replace it failed.
        if (Current(call) is { } current && all.TrueForAll(one => one.Number != current.Version))
        {
            all.Add(new ArchiveEntry(
                current.Version, current.Content.Length,
                Convert.ToHexStringLower(SHA256.HashData(current.Content.Span))));
        }

        return all;
    }

    /// <summary>Returns the numbers of versions, by revision.</summary>
    private async Task<Dictionary<long, long>> NumbersAsync(
        string name, IEnumerable<long> revisions, CancellationToken cancellationToken)
    {
        var (revision, number) = (0L, 0L);
        var stored = await store.Archive.NumbersAsync(NumberTopic(name), cancellationToken);
        if (!stored.IsEmpty
            && (await store.Archive.ReadAsync(NumberTopic(name), [stored[0]], cancellationToken))
                .GetValueOrDefault(stored[0]) is { } text)
        {
            (revision, number) = (stored[0], long.Parse(Encoding.ASCII.GetString(text), CultureInfo.InvariantCulture));
        }

        var ordered = revisions.Order().ToList();
        var before = ordered.Count(one => one <= revision);
        return ordered.Index().ToDictionary(
            static one => one.Item, one => Math.Max(1, number + one.Index + 1 - before));
    }

    private static ControlDocument? Current(AdminCall call) =>
        call.State.Documents.Find(new ControlKey(ControlKinds.Policies, call.Name));

    /// <summary>
    /// Returns the archive topic, equal to the text of the <see cref="ControlKey"/>. The history deletes old versions.
    /// </summary>
    private static string Topic(string policy) => $"policies/{policy}";

    /// <summary>The topic of the number of the version that was replaced last.</summary>
    private static string NumberTopic(string policy) => $"numbers/{Topic(policy)}";

    private static string Plain(long version) => version.ToString(CultureInfo.InvariantCulture);
}
