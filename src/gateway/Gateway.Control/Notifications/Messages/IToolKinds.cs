using Gateway.Control.Documents;

namespace Gateway.Control.Notifications.Messages;

/// <summary>What kind of tool something is about, for channels that are told of some kinds alone.</summary>
public interface IToolKinds
{
    /// <summary>The category and the risk of a tool, such as <c>Financial</c> and <c>Critical</c>.</summary>
    /// <param name="documents">The store's.</param>
    /// <param name="server">Its server.</param>
    /// <param name="tool">Its name there.</param>
    /// <param name="cancellationToken">Stops waiting for the store.</param>
    /// <returns>Null where nothing is known of the tool: then every channel is told.</returns>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    ValueTask<(string Category, string Risk)?> OfAsync(
        ControlSnapshot documents, string server, string tool, CancellationToken cancellationToken);
}
