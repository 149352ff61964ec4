using Gateway.Catalogue.Listing;
using Gateway.Control.Notifications.Messages;
using Gateway.Proxy.Pinning;
using Gateway.Proxy.Searching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gateway.Catalogue.Keeping;

/// <summary>The registration of the catalogue with a host.</summary>
public static class CatalogueServices
{
    /// <summary>Registers the services that maintain inventories, and those that calls use.</summary>
    public static void AddCatalogue(this IServiceCollection services)
    {
        services.AddSingleton<ToolCatalogue>();
        services.AddSingleton<PinnedTools>();
        services.AddSingleton<DriftReport>();
        services.AddSingleton<InventoryStore>();
        services.AddSingleton<IToolKinds, ToolKinds>();
        services.AddSingleton<InventoryReader>();
        services.AddSingleton<InventoryKeeper>();
        services.AddSingleton<IToolLibrary, ToolLibrary>();
        services.AddSingleton<IHostedService>(static provider => provider.GetRequiredService<InventoryKeeper>());
    }
}
