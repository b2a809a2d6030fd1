using Aspire.Dashboard;
using Aspire.Dashboard.Configuration;
using Microsoft.Extensions.Options;

try
{
    await DashboardApplication.Create(args).RunAsync();
    return 0;
}
catch (Exception e) when (e is DashboardConfigurationException or OptionsValidationException or IOException)
{
    // IOException: an address that is taken. All three say what to change; a stack trace adds nothing.
    Console.Error.WriteLine(e.Message);
    return 1;
}
