using Gateway.Control.Documents;

namespace Gateway.Control.Notifications.Messages;

/// <summary>The kinds of tools, for channels that only receive notifications about some kinds.</summary>
public interface IToolKinds
{
    /// <summary>Returns the category and the risk of a tool, such as <c>Financial</c> and <c>Critical</c>.</summary>
    /// <param name="documents">The documents of the store.</param>
    /// <param name="server">The tool's server.</param>
    /// <param name="tool">The tool's name on that server.</param>
    /// <param name="cancellationToken">Stops waiting for the store.</param>
    /// <returns>Null if nothing is known of the tool: then every channel is notified.</returns>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    ValueTask<(string Category, string Risk)?> OfAsync(
        ControlSnapshot documents, string server, string tool, CancellationToken cancellationToken);
}
