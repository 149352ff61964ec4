using System.Runtime.InteropServices;

namespace Gateway.Proxy.Upstreams.Stdio.Native;

/// <summary>
/// The start of a program in its own process group, with only the given descriptors of this process. The framework's
/// <c>Process</c> does not support groups, and blocks one thread per pipe.
/// </summary>
internal static unsafe partial class Spawn
{
    // The opaque structures are at most 336 bytes in glibc and musl, and pointers elsewhere.
    private const int OpaqueBytes = 1024;
    private const short SetGroup = 0x02;
    private const short SetDefaultSignals = 0x04;
    private const short SetSignalMask = 0x08;
    private const short CloseByDefaultOnMac = 0x4000;

    /// <summary>Starts <paramref name="path"/>; the descriptor at index n becomes its descriptor n.</summary>
    /// <returns>The process id, which is also the group id.</returns>
    /// <exception cref="IOException">The system refused; the message contains the error number.</exception>
    public static int Start(
        string path, IReadOnlyList<string> arguments, IReadOnlyList<string> environment, ReadOnlySpan<int> descriptors)
    {
        var actions = stackalloc byte[OpaqueBytes];
        var attributes = stackalloc byte[OpaqueBytes];
        var signals = stackalloc byte[OpaqueBytes];
        Check(ActionsInit(actions));
        Check(AttributesInit(attributes));
        var argv = Strings([path, .. arguments]);
        var envp = Strings(environment);
        try
        {
            for (var i = 0; i < descriptors.Length; i++)
                Check(ActionsDup(actions, descriptors[i], i));
            Check(CloseFrom(actions, descriptors.Length));
            var flags = SetGroup | SetDefaultSignals | SetSignalMask;
            Check(AttributesFlags(
                attributes, (short)(OperatingSystem.IsMacOS() ? flags | CloseByDefaultOnMac : flags)));
            Check(AttributesGroup(attributes, 0));
            // The runtime ignores SIGPIPE. A child would inherit that, and would then not end on a closed pipe.
            Check(FillSignals(signals));
            Check(AttributesDefault(attributes, signals));
            Check(EmptySignals(signals));
            Check(AttributesMask(attributes, signals));
            int process;
            var error = PosixSpawn(&process, path, actions, attributes, argv, envp);
            return error == 0 ? process : throw new IOException($"{path} could not be started (errno {error})");
        }
        finally
        {
            Free(argv);
            Free(envp);
            _ = ActionsDestroy(actions);
            _ = AttributesDestroy(attributes);
        }
    }

    /// <summary>
    /// Closes every other descriptor in the child. The runtime opens its own with close-on-exec, but descriptors that
    /// this process inherited, and those of native libraries, would be passed on.
    /// </summary>
    private static int CloseFrom(void* actions, int least)
    {
        // On macOS, a flag in the attributes does this.
        if (!OperatingSystem.IsLinux())
            return 0;
        try
        {
            return ActionsCloseFrom(actions, least);
        }
        catch (EntryPointNotFoundException)
        {
            // glibc before 2.34, and musl.
            Posix.CloseOnExec(least);
            return 0;
        }
    }

    private static void Check(int error)
    {
        if (error != 0)
            throw new IOException($"no program can be started (error {error})");
    }

    private static byte** Strings(IReadOnlyList<string> texts)
    {
        var list = (byte**)NativeMemory.Alloc((nuint)(texts.Count + 1), (nuint)sizeof(byte*));
        for (var i = 0; i < texts.Count; i++)
            list[i] = (byte*)Marshal.StringToCoTaskMemUTF8(texts[i]);
        list[texts.Count] = null;
        return list;
    }

    private static void Free(byte** list)
    {
        for (var i = 0; list[i] is not null; i++)
            Marshal.FreeCoTaskMem((nint)list[i]);
        NativeMemory.Free(list);
    }

    [LibraryImport("libc", EntryPoint = "posix_spawn", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int PosixSpawn(
        int* process, string path, void* actions, void* attributes, byte** arguments, byte** environment);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int ActionsInit(void* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int ActionsDestroy(void* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static partial int ActionsDup(void* actions, int from, int to);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addclosefrom_np")]
    private static partial int ActionsCloseFrom(void* actions, int least);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    private static partial int AttributesInit(void* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    private static partial int AttributesDestroy(void* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    private static partial int AttributesFlags(void* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setpgroup")]
    private static partial int AttributesGroup(void* attributes, int group);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    private static partial int AttributesDefault(void* attributes, void* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    private static partial int AttributesMask(void* attributes, void* signals);

    [LibraryImport("libc", EntryPoint = "sigfillset")]
    private static partial int FillSignals(void* signals);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    private static partial int EmptySignals(void* signals);
}
