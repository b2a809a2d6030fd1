using Aspire.Hosting.TestApp;

// Two small programs for the tests: a service, and an AppHost that runs Redis and that service.
await (args is ["apphost", .. var rest] ? TestAppHost.RunAsync(rest) : TestService.RunAsync(args));
