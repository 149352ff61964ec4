namespace Gateway.Control.Tests.Secrets;

public sealed class SecretProtectorTests : IDisposable
{
    private readonly ControlBench _bench = new();

    [Fact]
    public async Task Opens_after_a_restart_what_it_sealed()
    {
        var sealedText = await _bench.Secrets.SealAsync("secret", default);
        var restarted = new SecretProtector(_bench.Store);
        restarted.Update(await _bench.Store.ReadAsync(default));

        Assert.True(restarted.TryOpen(sealedText, out var text));
        Assert.Equal("secret", text);
    }

    [Fact]
    public async Task Opens_what_another_frontend_sealed_with_a_key_of_its_own()
    {
        var other = new SecretProtector(_bench.Store);
        var mine = await _bench.Secrets.SealAsync("mine", default);
        var theirs = await other.SealAsync("theirs", default);

        _bench.Secrets.Update(await _bench.Store.ReadAsync(default));

        Assert.True(_bench.Secrets.TryOpen(theirs, out _));
        Assert.True(_bench.Secrets.TryOpen(mine, out _));
    }

    [Fact]
    public async Task Stores_a_key_that_it_made_before_it_took_over_others()
    {
        var other = new SecretProtector(_bench.Store);
        other.CreateProtector("sessions").Protect([1]);
        await _bench.Secrets.SealAsync("mine", default);
        other.Update(await _bench.Store.ReadAsync(default));
        var theirs = await other.SealAsync("theirs", default);
        var third = new SecretProtector(_bench.Store);

        third.Update(await _bench.Store.ReadAsync(default));

        Assert.True(third.TryOpen(theirs, out _));
    }

    [Fact]
    public async Task Opens_nothing_that_was_changed()
    {
        var sealedText = await _bench.Secrets.SealAsync("secret", default);

        Assert.False(_bench.Secrets.TryOpen(sealedText[..^8] + "AAAAAAA=", out _));
        Assert.False(_bench.Secrets.TryOpen("secret", out _));
    }

    [Fact]
    public async Task Seals_nothing_that_could_not_be_opened_after_a_restart()
    {
        _bench.Store.IsCutOff = true;

        await Assert.ThrowsAsync<ControlStoreException>(async () => await _bench.Secrets.SealAsync("secret", default));
    }

    [Fact]
    public async Task Gives_other_parts_protectors_that_follow_the_keys()
    {
        var protector = _bench.Secrets.CreateProtector("sessions");
        var sealedBytes = protector.Protect([1, 2, 3]);
        await new SecretProtector(_bench.Store).SealAsync("x", default);
        _bench.Secrets.Update(await _bench.Store.ReadAsync(default));

        Assert.Equal([1, 2, 3], protector.Unprotect(sealedBytes));
    }

    public void Dispose() => _bench.Dispose();
}
