namespace Gateway.Orleans.Tests.Grains;

/// <summary>Who is found in a silo by the name of an owner, which holds its place.</summary>
public sealed class ActivationDirectoryTests : IAsyncLifetime
{
    private TestCluster _cluster = null!;

    private ActivationDirectory Owners =>
        _cluster.Orleans.Silos[0].ServiceProvider.GetRequiredService<ActivationDirectory>();

    public async Task InitializeAsync() => _cluster = await TestCluster.StartAsync(silos: 1);

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public void Finds_each_of_many_owners_by_its_name_and_nobody_by_another()
    {
        var owners = Enumerable.Range(0, 1000).Select(_ => Open()).ToArray();
        foreach (var owner in owners) Assert.Same(owner, Owners.Find(owner.Owner));

        var name = owners[500].Owner;
        Assert.Null(Owners.Find(0));
        foreach (var bit in new[] { 127, 64, 32, 31, 0 }) Assert.Null(Owners.Find(name ^ (UInt128.One << bit)));
    }

    [Fact]
    public void Never_takes_an_owner_for_the_one_that_had_its_place()
    {
        var gone = Open();
        Owners.Remove(gone);
        Owners.Remove(gone);
        var (next, last) = (Open(), Open());

        Assert.Equal((uint)gone.Owner, (uint)next.Owner);
        Assert.NotEqual((uint)gone.Owner, (uint)last.Owner);
        Assert.Null(Owners.Find(gone.Owner));
        Assert.Same(next, Owners.Find(next.Owner));
        Owners.Remove(gone);
        Assert.Same(next, Owners.Find(next.Owner));
    }

    private CounterActivation Open()
    {
        var owner = new CounterActivation(Calls.Key(), Owners) 
        {
            Fail = static exception => throw exception,
            Evict = static () => { },
        };
        Owners.Add(owner);
        return owner;
    }
}
