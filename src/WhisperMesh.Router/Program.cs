using WhisperMesh.Router;
using WhisperMesh.ServiceDefaults;
using WhisperMesh.ServiceDefaults.Discovery;
using WhisperMesh.ServiceDefaults.Endpoints;
using WhisperMesh.ServiceDefaults.Hosting;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("whispermesh-router");
builder.AddMeshEndpoints(httpPort: 5080, grpcPort: 5081);
builder.AddWorkerDirectory();
builder.AddRouter();

var app = builder.Build();
app.MapRouter();
app.MapDefaultEndpoints();
return await MeshHost.RunAsync(app);
