using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Gateway.Hosting.Draining;

/// <summary>
/// A listening socket's queue in the kernel. Closing the socket resets the connections in it, although their clients
/// have connected and perhaps sent a call. So new connections are blocked first, then the queue is drained.
/// </summary>
internal static class AcceptQueue
{
    // Linux: asm-generic/socket.h, linux/tcp.h.
    private const int SolSocket = 1;
    private const int SoAttachFilter = 26;
    private const int IpProtoTcp = 6;
    private const int TcpInfo = 11;
    private const int TcpInfoUnacked = 24;
    private const int FlagsOfTcp = 13;

    // A classic BPF program over the TCP header: a segment with SYN and without ACK is dropped, any other passes. The
    // sender tries again after a second, and is then refused, or accepted by the next listener on that port.
    private static readonly (ushort Code, byte IfTrue, byte IfFalse, uint Operand)[] DropsSyn =
    [
        (0x30, 0, 0, FlagsOfTcp), // load the byte
        (0x54, 0, 0, 0x12), // and with SYN | ACK
        (0x15, 0, 1, 0x02), // is it SYN alone?
        (0x06, 0, 0, 0), // drop
        (0x06, 0, 0, uint.MaxValue), // pass
    ];

    /// <summary>
    /// Makes the kernel block new connections; false if it cannot, which is everywhere except on Linux.
    /// </summary>
    public static bool TryShut(Socket listener)
    {
        if (!OperatingSystem.IsLinux() || !IsTcp(listener))
            return false;
        var program = new byte[DropsSyn.Length * 8];
        for (var i = 0; i < DropsSyn.Length; i++)
        {
            var instruction = program.AsSpan(i * 8);
            MemoryMarshal.Write(instruction, DropsSyn[i].Code);
            instruction[2] = DropsSyn[i].IfTrue;
            instruction[3] = DropsSyn[i].IfFalse;
            MemoryMarshal.Write(instruction[4..], DropsSyn[i].Operand);
        }

        var pin = GCHandle.Alloc(program, GCHandleType.Pinned);
        try
        {
            Span<byte> option = stackalloc byte[2 * IntPtr.Size];
            option.Clear();
            MemoryMarshal.Write(option, (ushort)DropsSyn.Length);
            MemoryMarshal.Write(option[IntPtr.Size..], pin.AddrOfPinnedObject());
            listener.SetRawSocketOption(SolSocket, SoAttachFilter, option);
            return true;
        }
        catch (SocketException)
        {
            // A sandbox may forbid it; the queue can be drained all the same.
            return false;
        }
        finally
        {
            pin.Free();
        }
    }

    /// <summary>
    /// Returns the number of connections that wait to be accepted; 0 if the kernel does not report it.
    /// </summary>
    public static int Waiting(Socket listener)
    {
        if (!OperatingSystem.IsLinux() || !IsTcp(listener))
            return 0;
        Span<byte> info = stackalloc byte[TcpInfoUnacked + sizeof(uint)];
        var length = listener.GetRawSocketOption(IpProtoTcp, TcpInfo, info);
        return length < info.Length ? 0 : MemoryMarshal.Read<int>(info[TcpInfoUnacked..]);
    }

    private static bool IsTcp(Socket listener) =>
        listener.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6;
}
