using Gateway.Hosting.Draining;

namespace Gateway.Hosting.Tests.Draining;

/// <summary>What the kernel does with clients that come while a listener is about to close.</summary>
public sealed class AcceptQueueTests
{
    [LinuxFact]
    public async Task Keeps_who_has_connected_and_lets_nobody_else_in()
    {
        using var listener = Socket();
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using var early = Socket();
        await early.ConnectAsync(listener.LocalEndPoint!);
        Assert.Equal(1, AcceptQueue.Waiting(listener));

        Assert.True(AcceptQueue.TryShut(listener));
        using var late = Socket();
        var connecting = late.ConnectAsync(listener.LocalEndPoint!);

        using var accepted = await listener.AcceptAsync();
        Assert.Equal(0, AcceptQueue.Waiting(listener));
        await early.SendAsync("ping"u8.ToArray());
        Assert.Equal(4, await accepted.ReceiveAsync(new byte[8]));
        Assert.False(connecting.IsCompleted);
        listener.Dispose();
        var refused = await Assert.ThrowsAsync<SocketException>(() => connecting);
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
        await accepted.SendAsync("pong"u8.ToArray());
        Assert.Equal(4, await early.ReceiveAsync(new byte[8]));
    }

    private static Socket Socket() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
}
