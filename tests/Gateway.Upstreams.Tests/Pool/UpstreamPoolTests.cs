using System.Reflection;
using Gateway.Control.Contracts;
using Gateway.Control.Definitions;
using Gateway.Control.Network;
using Gateway.Control.Snapshots;
using Gateway.Proxy.Upstreams.Pool;

namespace Gateway.Upstreams.Tests.Pool;

/// <summary>Which upstreams a change of the servers keeps, closes and forgets.</summary>
public sealed class UpstreamPoolTests : IAsyncDisposable
{
    private static readonly ServerModel Server = new(
        "crm", new Uri("http://crm.example/mcp"), [new("Authorization", "Bearer old-secret")]);

    private readonly SnapshotHolder _snapshots = new();
    private readonly RecordingFactory _factory = new();
    private readonly UpstreamPool _pool;

    public UpstreamPoolTests() => _pool = new UpstreamPool([_factory], _snapshots);

    public async ValueTask DisposeAsync() => await _pool.DisposeAsync();

    [Fact]
    public void Keeps_the_upstream_of_a_server_that_is_reached_as_before()
    {
        PutInForce(Server);
        var before = _pool.Get(Server);
        var now = Server with
        {
            Headers = [.. Server.Headers],
            Host = "crm.gateway.example",
            OAuthPolicy = "support",
            Timeouts = ServerTimeouts.Of(new ServerTimeoutsSpec { CallSeconds = 5 }),
            Tasks = new ServerTasksSpec { MaxTtlSeconds = 60 },
        };

        PutInForce(now);

        Assert.Same(before, _pool.Get(now));
        Assert.NotNull(_pool.StatusOf(now));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Drops_a_replaced_registration_and_closes_what_does_not_close_by_itself(bool endsWithRegistration)
    {
        _factory.EndsWithRegistration = endsWithRegistration;
        PutInForce(Server);
        var before = (RecordingUpstream)_pool.Get(Server);
        var now = Server with { Headers = [new("Authorization", "Bearer new-secret")] };

        PutInForce(now);

        Assert.Null(_pool.StatusOf(Server));
        Assert.Equal(endsWithRegistration, before.IsDisposed);
        Assert.NotSame(before, _pool.Get(now));
    }

    [Fact]
    public void Drops_a_server_that_is_no_longer_registered()
    {
        _factory.EndsWithRegistration = true;
        PutInForce(Server);
        var before = (RecordingUpstream)_pool.Get(Server);

        PutInForce();

        Assert.True(before.IsDisposed);
        Assert.Null(_pool.StatusOf(Server));
    }

    [Fact]
    public void A_call_that_began_before_the_change_does_not_end_the_new_program()
    {
        _factory.EndsWithRegistration = true;
        var now = Server with { Headers = [] };
        PutInForce(now);
        var inForce = (RecordingUpstream)_pool.Get(now);

        var late = (RecordingUpstream)_pool.Get(Server);
        Assert.False(inForce.IsDisposed);

        PutInForce(now);
        Assert.True(late.IsDisposed);
        Assert.Same(inForce, _pool.Get(now));
    }

    /// <summary>A new member of a registration is part of how it is reached, until somebody says otherwise here.
    /// </summary>
    [Fact]
    public void Every_member_except_those_named_distinguishes_servers()
    {
        string[] decidedForEachCall =
            [nameof(ServerModel.Timeouts), nameof(ServerModel.Host), nameof(ServerModel.OAuthPolicy),
                nameof(ServerModel.Tasks)];
        var compared = typeof(ServerModel).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(static property => property.CanWrite).ToList();

        Assert.All(compared, property =>
        {
            var other = Server with { };
            property.SetValue(other, ValueOf(property.PropertyType));
            Assert.Equal(
                decidedForEachCall.Contains(property.Name), ServerReachComparer.Instance.Equals(Server, other));
        });
        Assert.True(compared.Count > 10);
    }

    private static object ValueOf(Type type) => type switch
    {
        _ when type == typeof(string) => "other",
        _ when type == typeof(bool) => true,
        _ when type == typeof(Uri) => new Uri("http://other.example/mcp"),
        _ when type == typeof(ImmutableArray<string>) => ImmutableArray.Create("X-Key"),
        _ when type == typeof(ImmutableArray<Uri>) => ImmutableArray.Create(new Uri("http://second.example/mcp")),
        _ when type == typeof(ImmutableArray<KeyValuePair<string, string>>) =>
            ImmutableArray.Create(KeyValuePair.Create("Authorization", "Bearer other")),
        _ when type == typeof(ServerTransport?) => ServerTransport.Sse,
        _ when type == typeof(ProgramCommand) => new ProgramCommand("other", [], [], null),
        _ when type == typeof(OutboundProxy) => new OutboundProxy(new Uri("http://proxy.example:3128")),
        _ when type == typeof(ServerTlsFiles) => new ServerTlsFiles { Ca = "ca.pem" },
        _ when type == typeof(OAuthClientOptions) => new OAuthClientOptions("client", "secret", null, null),
        _ when type == typeof(AwsAccount) => new AwsAccount("us-east-1", "lambda", "id", "secret"),
        _ when type == typeof(CallerTokenSpec) => new CallerTokenSpec { Seconds = 30 },
        _ when type == typeof(ServerTimeouts) => ServerTimeouts.Of(new ServerTimeoutsSpec { CallSeconds = 5 }),
        _ when type == typeof(ServerTasksSpec) => new ServerTasksSpec { MaxTtlSeconds = 60 },
        _ => throw new ArgumentException($"no value of {type} is known here", nameof(type)),
    };

    private void PutInForce(params ServerModel[] servers) =>
        _snapshots.Replace(new GatewaySnapshot(servers, [], new EdgeRules([], [], null), Pauses.None));

    private sealed class RecordingFactory : IUpstreamFactory
    {
        public bool EndsWithRegistration { get; set; }

        public bool Serves(ServerModel server) => true;

        public IUpstream Create(ServerModel server) => new RecordingUpstream(EndsWithRegistration);
    }

    private sealed class RecordingUpstream(bool endsWithRegistration) : IUpstream
    {
        public bool IsDisposed { get; private set; }

        public UpstreamStatus Status { get; } = new();

        public bool EndsWithRegistration => endsWithRegistration;

        public Task<UpstreamResponse> SendAsync(UpstreamRequest request, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask DisposeAsync()
        {
            IsDisposed = true;
            return ValueTask.CompletedTask;
        }
    }
}
