using Gateway.Orleans.Documents.Wire;
using Gateway.Orleans.Wire;

namespace Gateway.Orleans;

/// <summary>
/// Rejects calls of frontends to anything but the grains that are made for them: Orleans' own grains and system targets
/// (management, directory, membership) are for silos. Orleans does not verify the sender that a message names, so this
/// bounds programs that use an Orleans client; who may connect at all is decided by certificates.
/// </summary>
/// <param name="open">
/// Further methods that clients may call, as <c>Interface.Method</c> with the full name of the interface.
/// </param>
internal sealed class ClientBoundary(IReadOnlySet<string> open) : IIncomingGrainCallFilter
{
    /// <summary>Orleans' client reads the cluster's manifest from its silo; the type is internal to Orleans.</summary>
    private const string Manifest = "Orleans.Runtime.IClusterManifestSystemTarget";

    /// <summary>
    /// Prefix of the id of the client inside a silo (Orleans' HostedClient). Calls of silo code outside of grains, such
    /// as lookups in other silos' directories, have this sender.
    /// </summary>
    private const string HostedClient = "hosted-";

    public Task Invoke(IIncomingGrainCallContext context)
    {
        var type = context.Request.GetInterfaceType();
        var isForClients = type == typeof(ICounterGrain) || type == typeof(ICounterBatchGrain)
            || type == typeof(IControlGrain) || type == typeof(IArchiveGrain) || type.FullName == Manifest;
        if (isForClients || context.SourceId is { } source && IsOfSilo(source)) return context.Invoke();
        if (open.Contains($"{type.FullName}.{context.Request.GetMethodName()}")) return context.Invoke();
        throw new UnauthorizedAccessException($"{type.FullName} is for silos only; a client called it.");
    }

    private static bool IsOfSilo(GrainId source) =>
        !source.IsClient() || source.Key.ToString()!.StartsWith(HostedClient, StringComparison.Ordinal);
}
