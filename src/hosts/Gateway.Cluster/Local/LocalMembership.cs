using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Orleans.Messaging;

namespace Gateway.Cluster.Local;

/// <summary>
/// The membership table of the silos of one machine, in a single file; frontends find silos in it as well. The version
/// of the table is compared and raised with each change, as Orleans requires of a membership table.
/// </summary>
internal sealed class LocalMembership(string path) : IMembershipTable, IGatewayListProvider
{
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public TimeSpan MaxStaleness => Refresh;

    /// <inheritdoc/>
    public bool IsUpdatable => true;

    /// <inheritdoc/>
    public Task InitializeMembershipTable(bool tryInitTableVersion) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task InitializeGatewayListProvider() => Task.CompletedTask;

    /// <inheritdoc/>
    public Task DeleteMembershipTableEntries(string clusterId) => ChangeAsync(static _ => new MemberTable(0, []));

    /// <inheritdoc/>
    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => ChangeAsync(table => table with
    {
        Members = [.. table.Members.Where(one => one.Status != SiloStatus.Dead || one.Alive >= beforeDate.UtcDateTime)],
    });

    /// <inheritdoc/>
    public async Task<MembershipTableData> ReadRow(SiloAddress key)
    {
        var table = await ReadAsync();
        return Data(table, table.Members.Where(one => one.Address.Equals(key)));
    }

    /// <inheritdoc/>
    public async Task<MembershipTableData> ReadAll()
    {
        var table = await ReadAsync();
        return Data(table, table.Members);
    }

    /// <inheritdoc/>
    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) => ChangeAsync(table =>
        table.Version != tableVersion.Version - 1 || table.Members.Any(one => one.Address.Equals(entry.SiloAddress))
            ? null
            : new MemberTable(tableVersion.Version, [.. table.Members, Member.Of(entry)]));

    /// <inheritdoc/>
    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) => ChangeAsync(table =>
        table.Version != tableVersion.Version - 1 || table.Members.All(one => !one.Address.Equals(entry.SiloAddress))
            ? null
            : new MemberTable(tableVersion.Version, Replace(table, entry.SiloAddress, _ => Member.Of(entry))));

    /// <inheritdoc/>
    public Task UpdateIAmAlive(MembershipEntry entry) => ChangeAsync(table => table with
    {
        Members = Replace(table, entry.SiloAddress, old => old with { Alive = entry.IAmAliveTime }),
    });

    /// <inheritdoc/>
    public async Task<IList<Uri>> GetGateways() =>
    [
        .. (await ReadAsync()).Members.Where(static one => one is { Status: SiloStatus.Active, ClientPort: > 0 })
            .Select(static one => SiloAddress.New(
                new IPEndPoint(one.Address.Endpoint.Address, one.ClientPort), one.Address.Generation).ToGatewayUri()),
    ];

    private Task<MemberTable> ReadAsync() => LockedFile.UseAsync<MemberTable>(path, static text => (null, Parse(text)));

    /// <summary>Applies a change; returns false and changes nothing if the change returns null.</summary>
    private Task<bool> ChangeAsync(Func<MemberTable, MemberTable?> change) => LockedFile.UseAsync(path, text =>
    {
        var next = change(Parse(text));
        return (next is null ? null : JsonSerializer.SerializeToUtf8Bytes(next), next is not null);
    });

    private static MemberTable Parse(byte[]? text) =>
        text is null ? new MemberTable(0, []) : JsonSerializer.Deserialize<MemberTable>(text)!;

    private static Member[] Replace(MemberTable table, SiloAddress address, Func<Member, Member> change) =>
        [.. table.Members.Select(one => one.Address.Equals(address) ? change(one) : one)];

    private static MembershipTableData Data(MemberTable table, IEnumerable<Member> members)
    {
        var tag = $"{table.Version}";
        return new MembershipTableData(
            [.. members.Select(one => Tuple.Create(one.ToEntry(), tag))], new TableVersion(table.Version, tag));
    }

    private sealed record MemberTable(int Version, Member[] Members);

    private sealed record Member(
        string Silo, SiloStatus Status, int ClientPort, string Host, string Name, DateTime Started, DateTime Alive,
        Suspicion[] Suspicions)
    {
        [JsonIgnore]
        public SiloAddress Address { get; } = SiloAddress.FromParsableString(Silo);

        public static Member Of(MembershipEntry entry) => new(
            entry.SiloAddress.ToParsableString(), entry.Status, entry.ProxyPort, entry.HostName, entry.SiloName,
            entry.StartTime, entry.IAmAliveTime,
            [
                .. (entry.SuspectTimes ?? [])
                    .Select(static one => new Suspicion(one.Item1.ToParsableString(), one.Item2)),
            ]);

        public MembershipEntry ToEntry() => new()
        {
            SiloAddress = Address,
            Status = Status,
            ProxyPort = ClientPort,
            HostName = Host,
            SiloName = Name,
            StartTime = Started,
            IAmAliveTime = Alive,
            SuspectTimes =
                [.. Suspicions.Select(static one => Tuple.Create(SiloAddress.FromParsableString(one.By), one.At))],
        };
    }

    private sealed record Suspicion(string By, DateTime At);
}
