using System.Runtime.InteropServices;

namespace Gateway.Upstreams.Tests.Stdio.Native;

/// <summary>A descriptor that a child inherits, as one has that the process was started with.</summary>
internal sealed partial class LeakedDescriptor : IDisposable
{
    public LeakedDescriptor()
    {
        Number = Open("/dev/null", 0);
        Assert.True(Number > 2);
        Assert.False(IsCloseOnExec);
    }

    public int Number { get; }

    public bool IsCloseOnExec
    {
        get
        {
            const int closeOnExec = 0x80000;
            var flags = File.ReadLines($"/proc/self/fdinfo/{Number}").Single(
                static line => line.StartsWith("flags:", StringComparison.Ordinal));
            return (Convert.ToInt32(flags["flags:".Length..].Trim(), 8) & closeOnExec) != 0;
        }
    }

    public void Dispose() => Assert.Equal(0, Close(Number));

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
