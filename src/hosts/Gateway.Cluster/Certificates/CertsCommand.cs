using System.CommandLine;
using System.Security.Cryptography;
using Gateway.Cluster.Settings;

namespace Gateway.Cluster.Certificates;

/// <summary>
/// The command that creates the certificates by which the processes of a fleet authenticate each other.
/// </summary>
internal static class CertsCommand
{
    private static readonly Argument<string> Folder = new("dir")
    {
        Description = "Folder for the files. If it already contains an authority (ca.crt, ca.key), that authority is "
            + "used again.",
    };

    private static readonly Option<int> Days = new("--days")
    {
        Description = "How many days the certificates of silos and frontends are valid: 1 to 3650.",
        DefaultValueFactory = static _ => 365,
    };

    public static Command Create() =>
        new("certs", "Make the files for --cluster-cert, --cluster-key and --cluster-ca.") { Make() };

    private static Command Make()
    {
        var command = new Command(
            "make",
            "Write an authority (ca), a certificate for silos and one for frontends. Example: gateway-cluster certs "
            + "make /etc/gateway-cluster")
        {
            Folder, ClusterCommand.ClusterId, Days,
        };
        command.Validators.Add(static result =>
        {
            if (result.GetResult(Days) is { Implicit: false } && result.GetValue(Days) is (< 1 or > 3650))
                result.AddError("--days must be 1 to 3650.");
        });
        command.SetAction(static parsed => Run(
            parsed.GetValue(Folder)!, parsed.GetValue(ClusterCommand.ClusterId)!, parsed.GetValue(Days)));
        return command;
    }

    private static int Run(string folder, string clusterId, int days)
    {
        try
        {
            var names = PeerNames.Of(clusterId);
            foreach (var file in new CertificateMaker(folder, names, TimeProvider.System).Make(TimeSpan.FromDays(days)))
                Console.WriteLine(file);
            Console.Error.WriteLine(
                "Copy silo.crt, silo.key and ca.crt to the silos, and frontend.crt, frontend.key and ca.crt to the "
                + "frontends. Keep ca.key where no process of the fleet can read it: ca.key can issue certificates.");
            return 0;
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or CryptographicException or SettingsException)
        {
            Console.Error.WriteLine($"No certificates were created in {folder}: {e.Message}");
            return 2;
        }
    }
}
